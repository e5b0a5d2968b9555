// Labels: a name and a value with a halo, at most twelve, which give way to marks and to each other.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const MOST = 12;
  const NAME_PX = 13;
  const VALUE_PX = 12;
  const LINE = 1.18;
  const ROOM_PX = 15000; // of the view for each label: a phone has fewer
  const LEAST = 4;
  const AIR = 12; // more of it where names stand alone, or many of them look like a list
  const HALO = 0.24; // of the size of a name
  const VALUE_HALO = 0.36; // of that of a value, whose letters are thin
  const TIE_PX = 1.4;
  const CASING_PX = 4;
  const FOOT_PX = 3;
  const ROUND_PX = 4; // corners of the plate

  let ruler = null;

  /** Width of a text in pixels. */
  function measure(text, size, family) {
    ruler = ruler || document.createElement('canvas').getContext('2d');
    ruler.font = `600 ${size}px ${family}`;
    return ruler.measureText(text).width;
  }

  /** Whether two boxes [left, top, right, bottom] meet. */
  function meet(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  /** How many labels a view of this size carries. */
  function most(scene) {
    const size = scene.leaflet.getSize();
    const room = Math.round(size.x * size.y / (ROOM_PX * scene.scale * scene.scale));
    return Math.min(scene.state.labels_most || MOST, Math.max(LEAST, room));
  }

  /** One line of a label. */
  function line(text, y, size, weight, halo, className) {
    return map.svg('text', {
      y, class: className, 'text-anchor': 'middle', 'font-size': size, 'font-weight': weight,
      'stroke-width': size * halo,
    }, text);
  }

  /** A plate under a name outside of its area, so that it names nothing below it, and a line to a place in its area. */
  function tie(element, spot, scale, size) {
    const clear = map.LABEL_CLEAR;
    const [width, height] = [size.width + 2 * clear, size.height + 2 * clear];
    const box = [spot.dx - width / 2, spot.dy - height / 2, spot.dx + width / 2, spot.dy + height / 2];
    const [x, y] = spot.foot;
    const d = `M${map.labelEdge(box, spot.foot).join(' ')}L${x} ${y}`;
    for (const [kind, wide] of [['casing', CASING_PX], ['line', TIE_PX]]) {
      element.appendChild(map.svg('path', { d, class: `map-label-tie-${kind}`, 'stroke-width': wide * scale }));
    }
    element.appendChild(map.svg('circle', { cx: x, cy: y, r: FOOT_PX * scale, class: 'map-label-foot' }));
    element.appendChild(map.svg('rect', {
      x: box[0], y: box[1], width, height, rx: ROUND_PX, class: 'map-label-plate', 'stroke-width': scale,
    }));
  }

  /** Draw a label at an offset from its place. */
  function draw(label, spot, scale, size) {
    const element = map.board('map-label');
    if (spot.foot) tie(element, spot, scale, size);
    const group = map.svg('g', { transform: `translate(${spot.dx} ${spot.dy})` });
    const name = NAME_PX * scale;
    const value = VALUE_PX * scale;
    const lift = label.value ? -value * LINE * 0.5 : 0;
    group.appendChild(line(label.text, lift + name * 0.36, name, 600, HALO, 'map-label-name'));
    if (label.value) {
      const weight = label.strong ? 600 : 400;
      const y = lift + name * 0.36 + value * LINE;
      group.appendChild(line(label.value, y, value, weight, VALUE_HALO, 'map-label-value'));
    }
    element.appendChild(group);
    return { element, lat: label.lat, lon: label.lon };
  }

  /** Order of rights: the chosen unit, strong ones, those at the top, then as given; second names last. */
  function ranked(labels, selected) {
    const rank = (label) => (label.again ? 4 : selected && label.unit === selected.id ? 0 : label.strong ? 1 : label.top ? 2 : 3);
    return labels.map((label, i) => ({ label, i, rank: rank(label) }))
      .sort((a, b) => a.rank - b.rank || a.i - b.i).map((entry) => entry.label);
  }

  /** Size of a label in pixels. */
  function sizeOf(label, scale, family, air) {
    const width = Math.max(measure(label.text, NAME_PX * scale, family),
      label.value ? measure(label.value, VALUE_PX * scale, family) : 0);
    const height = ((NAME_PX + (label.value ? VALUE_PX : 0)) * LINE + air) * scale;
    return { width, height };
  }

  /** What a label asks of its spot, in order, with its value and without; `last`: of few, the rest. */
  function asked(label, { alone }, last) {
    const bare = Object.assign({}, label, { value: '' });
    // Names that stand alone have more air round them in their areas, but rather less than no name.
    const air = alone && !last ? AIR : 0;
    const way = (text, demanded, around = air) => ({ label: text, demanded, air: around });
    if (label.again) return [way(label, ['wholly'])];
    if (label.strong) {
      // What the title speaks of is named in any case, if need be beside its place or without its value.
      return [way(label, ['wholly', 'mostly']), way(label, ['off', 'tied'], 0), way(bare, ['wholly', 'mostly'], 0),
        way(label, ['near'], 0), way(bare, ['near'], 0)];
    }
    if (label.top) return [way(label, ['apart', 'clear']), way(label, ['off', 'tied'], 0), way(bare, ['apart', 'clear'], 0)];
    if (!last) return [way(label, ['apart', 'clear'])];
    return alone ? [way(label, ['aside', 'beside', 'clear'])] : [way(bare, ['clear']), way(label, ['beside'])];
  }

  /** Draw a label in the first way that finds room, or null. */
  function place(signs, ways, ground) {
    const { scene } = signs;
    for (const { label, demanded, air } of ways) {
      const size = sizeOf(label, scene.scale, ground.family, air);
      const spot = map.labelSpot(signs, label, ground, demanded, size);
      if (!spot) continue;
      ground.taken.push(spot.box);
      return draw(label, spot, scene.scale, size);
    }
    return null;
  }

  /** Draw the labels in view that find room: first those that ask most of it. */
  function drawLabels(signs, labels, taken) {
    const scene = signs.scene;
    const limit = scene.hides('names') ? 0 : most(scene) + labels.filter((label) => label.again).length;
    const alone = Boolean(scene.state.labels_most);
    const family = getComputedStyle(scene.container).fontFamily;
    const ground = { ...map.labelGround(scene, taken), family, alone };
    const drawn = [];
    let waiting = ranked(labels, scene.state.selected);
    // Where not all can be named, no name needs to stand without its value or beside its place.
    for (const last of labels.length <= limit ? [false, true] : [false]) {
      waiting = waiting.filter((label) => {
        if (drawn.length >= limit) return false;
        const sign = place(signs, asked(label, ground, last), ground);
        if (sign) drawn.push(sign);
        return !sign;
      });
    }
    return drawn;
  }

  map.drawLabels = drawLabels;
  map.measureText = measure;
  map.boxesMeet = meet;
})();
