// Labels: a name and a value with a halo, at most twelve, which give way to marks and to each other.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const MOST = 12;
  const NAME_PX = 13;
  const VALUE_PX = 12;
  const LINE = 1.18;
  const CLEAR = 3; // pixels kept free round a label
  const ROOM_PX = 15000; // of the view for each label: a phone has fewer
  const LEAST = 4;
  const AIR = 12; // more of it where names stand alone, or many of them look like a list
  const RIM_PX = 3; // round a point of the border
  const ABOVE_PX = 7; // between a roof and the name above it
  const RINGS = [12, 22, 34, 48, 64, 84, 108, 136]; // pixels from its place to where a label may move
  const NEAR_PX = 48; // how far one may that has no room in an area of its own
  const TIED_PX = 84; // how far one may that the title names: a line ties it to its place
  const OFF_PX = 64; // rather than over a neighbour beside the whole place, so near
  const WAYS = 12; // directions in which it may move at least
  const WAY_PX = 30; // between two of them far out, where a narrow area would be missed
  const OUTLINE_PX = 3; // beside the letters: thick lines round what the title names strike no name
  const SAMPLE_PX = 9; // between points at which a label is held against areas
  const MOSTLY = 0.75; // of a name, in its own area
  const HALF = 0.5; // of it, below which a reader takes it for its neighbour's
  const FOOT_PX = 4; // round the end of a line, seen beside marks
  const LEADING = 5; // pixels above and below the letters

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

  /** Where a label may go, its own place first, then round it, ever farther. */
  function offsets(scale) {
    const list = [[0, 0]];
    for (const far of RINGS) {
      const ways = Math.max(WAYS, Math.round(2 * Math.PI * far / WAY_PX));
      for (let way = 0; way < ways; way += 1) {
        const turn = (0.25 + way / ways) * 2 * Math.PI; // below first
        list.push([Math.cos(turn) * far * scale, Math.sin(turn) * far * scale]);
      }
    }
    return list;
  }

  /** A label at an offset, with the box that it takes. */
  function at(point, size, dx, dy) {
    const x = point.x + dx;
    const y = point.y + dy;
    const across = size.width / 2 + CLEAR;
    const up = size.height / 2 + CLEAR;
    return { dx, dy, box: [x - across, y - up, x + across, y + up] };
  }

  /** How many labels a view of this size carries. */
  function most(scene) {
    const size = scene.leaflet.getSize();
    const room = Math.round(size.x * size.y / (ROOM_PX * scene.scale * scene.scale));
    return Math.min(scene.state.labels_most || MOST, Math.max(LEAST, room));
  }

  /** Whether a box lies in the view as a whole: a label that is cut says less than none. */
  function whole(box, view) {
    return box[0] >= view.min.x && box[1] >= view.min.y && box[2] <= view.max.x && box[3] <= view.max.y;
  }

  /** The first offset at which the label is seen whole, meets nothing and may stand, or null. */
  function free(point, size, ground, may) {
    for (const [dx, dy] of ground.offsets) {
      const spot = at(point, size, dx, dy);
      if (!whole(spot.box, ground.view) || ground.taken.some((other) => meet(spot.box, other))) continue;
      if (may(spot)) return spot;
    }
    return null;
  }

  /** The corners of the letters of a label. */
  function cornersOf([left, top, right, bottom]) {
    const [across, down] = [[left + CLEAR, right - CLEAR], [top + LEADING, bottom - LEADING]];
    return down.flatMap((y) => across.map((x) => [x, y]));
  }

  /** Points all over a label and an outline's width round it: narrow arms of an area are met. */
  function pointsOf([left, top, right, bottom]) {
    const steps = (from, to) => {
      const count = Math.max(1, Math.ceil((to - from) / SAMPLE_PX));
      return Array.from({ length: count + 1 }, (_, i) => from + (to - from) * i / count);
    };
    const across = steps(left - OUTLINE_PX, right + OUTLINE_PX);
    return steps(top, bottom).flatMap((y) => across.map((x) => [x, y]));
  }

  /** Whether a label lies in an area. */
  function holds(area, box) {
    return cornersOf(box).every(([x, y]) => area(x, y));
  }

  /** The layer whose units the labels name. */
  function layerOf({ state }) {
    return state.next && state.next !== 'building' ? state.next : state.level;
  }

  /** What is asked of the spot of a label, the most first: moved to a neighbour it would name that one. */
  function demands(scene, label, { place, outlined }) {
    const own = map.areaOf(scene, layerOf(scene), label.unit);
    const within = ({ dx, dy }, far) => Math.hypot(dx, dy) <= far * scene.scale;
    const near = (spot) => within(spot, NEAR_PX);
    if (!own) return { own, near, apart: near, wholly: near, clear: near, mostly: near, inside: near, home: near, loose: near, aside: near, beside: near, off: near, tied: near };
    const struck = (box) => outlined.length > 0 &&
      pointsOf(box).some(([x, y]) => outlined.some((area) => area(x, y)));
    const home = ({ dx, dy, box }) => !(dx || dy) || own((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    const inside = (spot) => home(spot) && holds(place, spot.box);
    const share = ([left, top, right, bottom]) => {
      const points = pointsOf([left + OUTLINE_PX + CLEAR, top + LEADING, right - OUTLINE_PX - CLEAR, bottom - LEADING]);
      return points.filter(([x, y]) => own(x, y)).length / points.length;
    };
    const out = (spot) => !cornersOf(spot.box).some(([x, y]) => place(x, y));
    return {
      own,
      near,
      wholly: (spot) => holds(own, spot.box),
      apart: (spot) => holds(own, spot.box) && !struck(spot.box),
      clear: (spot) => inside(spot) && !struck(spot.box),
      mostly: (spot) => inside(spot) && share(spot.box) >= MOSTLY,
      inside,
      home,
      loose: (spot) => home(spot) && !struck(spot.box),
      aside: (spot) => near(spot) && out(spot) && Math.abs(spot.dx) >= Math.abs(spot.dy),
      beside: (spot) => near(spot) && out(spot),
      off: (spot) => within(spot, OFF_PX) && out(spot),
      tied: (spot) => within(spot, TIED_PX) && !struck(spot.box),
      away: (spot) => !home(spot) || Boolean(label.strong && (spot.dx || spot.dy) && share(spot.box) < HALF),
    };
  }

  /** The border of the place as boxes: a name on it belongs neither to one side nor to the other. */
  function border(scene) {
    if (scene.whole() || scene.single()) return [];
    return (scene.state.rim || []).map(([lon, lat]) => {
      const { x, y } = scene.leaflet.project([lat, lon]);
      return [x - RIM_PX, y - RIM_PX, x + RIM_PX, y + RIM_PX];
    });
  }

  /** One line of a label. */
  function line(text, y, size, weight, className) {
    return map.svg('text', {
      y, class: className, 'text-anchor': 'middle', 'font-size': size, 'font-weight': weight,
      'stroke-width': size * 0.24,
    }, text);
  }

  /** Where a line to an area ends: its own place, or near it where no mark hides the end. */
  function footOf(point, own, ground) {
    const seen = ([dx, dy]) => {
      const [x, y] = [point.x + dx, point.y + dy];
      const box = [x - FOOT_PX, y - FOOT_PX, x + FOOT_PX, y + FOOT_PX];
      return own(x, y) && !ground.taken.some((other) => meet(box, other));
    };
    return ground.offsets.find(seen) || [0, 0];
  }

  /** A line under a name that had to leave its area, and on to a place there. */
  function tie(element, spot, size) {
    const [x1, y1] = spot.foot;
    const across = size.width / 2;
    const edge = spot.dy + Math.sign(y1 - spot.dy) * size.height / 2;
    const [left, right] = [spot.dx - across, spot.dx + across];
    const corner = Math.max(left, Math.min(right, x1));
    const d = `M${left} ${edge}H${right}M${corner} ${edge}L${x1} ${y1}`;
    for (const kind of ['casing', 'line']) {
      element.appendChild(map.svg('path', { d, class: `map-label-tie-${kind}` }));
    }
    element.appendChild(map.svg('circle', { cx: x1, cy: y1, r: 3, class: 'map-label-foot' }));
  }

  /** Draw a label at an offset from its place. */
  function draw(label, spot, scale, size) {
    const element = map.board('map-label');
    if (spot.foot) tie(element, spot, size);
    const group = map.svg('g', { transform: `translate(${spot.dx} ${spot.dy})` });
    const name = NAME_PX * scale;
    const value = VALUE_PX * scale;
    const lift = label.value ? -value * LINE * 0.5 : 0;
    group.appendChild(line(label.text, lift + name * 0.36, name, 600, 'map-label-name'));
    if (label.value) {
      const weight = label.strong ? 600 : 400;
      const y = lift + name * 0.36 + value * LINE;
      group.appendChild(line(label.value, y, value, weight, 'map-label-value'));
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

  /** What labels in view find: where they may stand, and what is taken. */
  function groundOf(scene, taken) {
    const view = scene.leaflet.getPixelBounds();
    taken.push(...map.hidden(scene, view), ...border(scene));
    const { state, stage, leaflet } = scene;
    const shaped = map.areaOf(scene, state.at.level, state.at.unit);
    // A city without a shape of its own is where its parts are.
    const anyPart = (x, y) => stage.pick(state.next, 'cells', leaflet.unproject([x, y])) !== null;
    const outlined = (state.strong || []).map(({ layer, id }) => map.areaOf(scene, layer, id)).filter(Boolean);
    return { view, taken, offsets: offsets(scene.scale), place: shaped || anyPart, outlined };
  }

  /** Draw a label where it meets one of the demands, the first that can be met; or null. */
  function place(signs, label, ground, demanded, size) {
    const scale = signs.scene.scale;
    const point = signs.point(label);
    if (!Number.isFinite(point.x) || !ground.view.contains(point)) return null;
    const lift = label.above ? size.height / 2 + ABOVE_PX * scale : 0;
    point.y -= lift;
    const may = demands(signs.scene, label, ground);
    for (const demand of demanded) {
      const spot = free(point, size, ground, may[demand]);
      if (!spot) continue;
      ground.taken.push(spot.box);
      if (may.own && !lift && may.away(spot)) spot.foot = footOf(point, may.own, ground);
      spot.dy -= lift;
      return draw(label, spot, scale, size);
    }
    return null;
  }

  /** What a label asks of its spot, in order; `alone`: without a value; `last`: of few, the rest. */
  function asked(label, { outlined, alone, few }, last) {
    if (label.again) return ['wholly'];
    // An outline shows what the title speaks of: rather a name beside it than one across it.
    if (label.strong) return outlined.length ? ['wholly', 'mostly', 'off', 'tied', 'inside', 'home'] : ['wholly', 'inside', 'home', 'tied'];
    if (label.top) return ['apart', 'clear', 'loose', 'tied'];
    if (last) return alone ? ['aside', 'beside', 'inside', 'home'] : ['loose', 'beside'];
    return alone && few ? ['apart', 'mostly'] : ['apart', 'clear'];
  }

  /** Draw the labels in view that find room: first those that stay within the border of the whole. */
  function drawLabels(signs, labels, taken) {
    const scene = signs.scene;
    const family = getComputedStyle(scene.container).fontFamily;
    const limit = scene.hides('names') ? 0 : most(scene) + labels.filter((label) => label.again).length;
    const ground = groundOf(scene, taken);
    const drawn = [];
    let waiting = ranked(labels, scene.state.selected);
    // Where not all can be named, no name needs to run over the border.
    ground.few = labels.length <= limit;
    ground.alone = Boolean(scene.state.labels_most);
    for (const last of ground.few ? [false, true] : [false]) {
      // Names that stand alone have more air round them, but rather less than no name.
      const air = ground.alone && !last ? AIR : 0;
      waiting = waiting.filter((label) => {
        if (drawn.length >= limit) return false;
        const demanded = asked(label, ground, last);
        const put = (text, where) => place(signs, text, ground, where, sizeOf(text, scene.scale, family, air));
        // What the title speaks of is named even where there is no room for its value, or but beside it.
        const bare = Object.assign({}, label, { value: '' });
        const named = label.strong && !label.again;
        const sign = put(label, demanded) || (named && (put(bare, demanded) || put(bare, ['near'])));
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
