// Alert marks: the level's shape in its colour with an outline and a ring; more than seven are gathered,
// and those that would lie on each other are moved apart, with a line to where they belong.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const MOST = 7;
  const LEAST = 3;
  const ROOM_PX = 55000; // of the view for each mark: on a phone more are gathered
  const RADIUS = 6.8;
  const RING = 1.85;
  const SECOND_RING = 0.5; // beyond the first, where nothing may pulse
  const APART_PX = 2; // between two marks
  const ONE = 0.7; // of the room of a mark: places nearer than that are one sign
  const ROUNDS = 24;
  const TETHER_PX = 5; // moved further than that, a mark is tied to its place

  /** The shape of a level round the origin: ▲ ◆ ■ ●. */
  function shape(level, r, attributes) {
    if (level === 4) return map.svg('circle', Object.assign({ r: r * 0.98 }, attributes));
    const points = {
      1: [[0, -r * 1.28], [r * 1.24, r * 0.92], [-r * 1.24, r * 0.92]],
      2: [[0, -r * 1.25], [r * 1.25, 0], [0, r * 1.25], [-r * 1.25, 0]],
      3: [[-r * 0.9, -r * 0.9], [r * 0.9, -r * 0.9], [r * 0.9, r * 0.9], [-r * 0.9, r * 0.9]],
    }[level];
    const text = points.map((point) => point.map((n) => n.toFixed(2)).join(',')).join(' ');
    return map.svg('polygon', Object.assign({ points: text }, attributes));
  }

  /** The nearest two of some groups, and how far they are from each other. */
  function nearest(groups) {
    let best = [0, 1, Infinity];
    for (let i = 0; i < groups.length; i += 1) {
      for (let j = i + 1; j < groups.length; j += 1) {
        const far = groups[i].at.distanceTo(groups[j].at);
        if (far < best[2]) best = [i, j, far];
      }
    }
    return best;
  }

  /** Half of the room that a group takes, to every side. */
  function reachOf(scene, group) {
    const [mark] = group.list;
    const single = mark.level === 1 && !scene.state.motion ? RING + SECOND_RING : RING;
    return RADIUS * (group.list.length === 1 ? single : 2.4) * scene.scale;
  }

  /** Gather the nearest pairs until few enough are left; a gathering shows its worst level. */
  function gather(signs, marks) {
    const groups = marks.map((mark) => ({ list: [mark], at: signs.point(mark) }));
    const size = signs.scene.leaflet.getSize();
    const most = Math.min(MOST, Math.max(LEAST, Math.round(size.x * size.y / ROOM_PX)));
    const same = RADIUS * RING * signs.scene.scale * ONE;
    while (groups.length > 1) {
      const best = nearest(groups);
      if (groups.length <= most && best[2] > same) break;
      const [gone] = groups.splice(best[1], 1);
      const kept = groups[best[0]];
      const share = gone.list.length / (gone.list.length + kept.list.length);
      kept.at = kept.at.add(gone.at.subtract(kept.at).multiplyBy(share));
      kept.list = kept.list.concat(gone.list);
    }
    return groups;
  }

  /** Move groups apart until none lies on another; `home` keeps where each belongs. */
  function spread(scene, groups) {
    for (const group of groups) group.home = group.at;
    for (let round = 0; round < ROUNDS; round += 1) {
      let met = false;
      groups.forEach((a, i) => groups.slice(i + 1).forEach((b) => {
        const room = reachOf(scene, a) + reachOf(scene, b) + APART_PX;
        const far = a.at.distanceTo(b.at);
        if (far >= room - 0.01) return;
        met = true;
        const way = far ? b.at.subtract(a.at).divideBy(far) : window.L.point(1, 0);
        const step = way.multiplyBy((room - far) / 2);
        a.at = a.at.subtract(step);
        b.at = b.at.add(step);
      }));
      if (!met) return;
    }
  }

  /** Tie a mark that was moved to the place it belongs to. */
  function tether(scene, element, group) {
    const off = group.home.subtract(group.at);
    if (Math.hypot(off.x, off.y) < TETHER_PX * scene.scale) return;
    const end = { x2: off.x.toFixed(1), y2: off.y.toFixed(1) };
    element.appendChild(map.svg('line', Object.assign({ class: 'map-mark-tether' }, end)));
    element.appendChild(map.svg('circle', { cx: end.x2, cy: end.y2, r: 2 * scene.scale, class: 'map-mark-foot' }));
  }

  /** Ring round a mark: a dark casing so that it survives on the lightest class. */
  function ring(element, colour, r, motion, level) {
    const halo = { r: r * RING, class: 'map-mark-casing', 'stroke-width': r * 0.42 };
    element.appendChild(map.svg('circle', halo));
    const pulse = level === 1 ? (motion ? ' map-pulse' : '') : '';
    const line = { r: r * RING, class: 'map-mark-ring' + pulse, stroke: colour, 'stroke-width': r * 0.22 };
    element.appendChild(map.svg('circle', line));
    if (level === 1 && !motion) {
      element.appendChild(map.svg('circle', Object.assign({}, line, { r: r * (RING + SECOND_RING) })));
    }
  }

  /** One alert. */
  function single(scene, group) {
    const [mark] = group.list;
    const place = scene.leaflet.unproject(group.at);
    const r = RADIUS * scene.scale;
    const colour = scene.colours.get('a' + mark.level);
    const element = map.board('map-mark');
    tether(scene, element, group);
    ring(element, colour, r, scene.state.motion, mark.level);
    element.appendChild(shape(mark.level, r, { class: 'map-mark-shape', fill: colour }));
    return { element, lat: place.lat, lon: place.lng, href: mark.href, text: mark.text };
  }

  /** A gathering: the worst shape and how many. */
  function cluster(scene, group) {
    const r = RADIUS * scene.scale;
    const level = Math.min(...group.list.map((mark) => mark.level));
    const place = scene.leaflet.unproject(group.at);
    const element = map.board('map-mark map-mark-cluster');
    tether(scene, element, group);
    const half = r * 1.9;
    element.appendChild(map.svg('rect', {
      x: -half, y: -r * 1.6, width: half * 2 + r * 0.6, height: r * 3.2, rx: r * 0.5, class: 'map-mark-box',
    }));
    const icon = map.svg('g', { transform: `translate(${-r * 0.7} 0)` });
    const fill = scene.colours.get('a' + level);
    icon.appendChild(shape(level, r * 0.8, { class: 'map-mark-shape', fill }));
    element.appendChild(icon);
    element.appendChild(map.svg('text', {
      x: r * 1.2, y: r * 0.65, class: 'map-mark-count', 'font-size': r * 1.8,
    }, String(group.list.length)));
    const worst = group.list.find((mark) => mark.level === level);
    const text = group.list.map((mark) => mark.text).join('\n');
    return { element, lat: place.lat, lon: place.lng, href: worst.href, text };
  }

  /** Draw the marks, the worst on top, and note the room that they take. */
  function drawMarks(signs, marks, taken) {
    const scene = signs.scene;
    const known = marks.filter((mark) => Number.isFinite(mark.lon) && Number.isFinite(mark.lat));
    const worstLast = known.slice().sort((a, b) => b.level - a.level);
    const groups = gather(signs, worstLast);
    spread(scene, groups);
    return groups.map((group) => {
      const reach = reachOf(scene, group);
      taken.push([group.at.x - reach, group.at.y - reach, group.at.x + reach, group.at.y + reach]);
      return group.list.length === 1 ? single(scene, group) : cluster(scene, group);
    });
  }

  map.drawMarks = drawMarks;
  map.alertShape = shape;
})();
