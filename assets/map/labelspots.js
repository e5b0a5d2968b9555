// Where a label may stand: in its own area, at one of many places; else beside it, where a line can lead to it.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const CLEAR = 3; // pixels kept free round a label
  const RIM_PX = 3; // round a point of the border
  const ABOVE_PX = 7; // between a roof and the name above it
  const RINGS = [12, 22, 34, 48, 64, 84, 108, 136]; // pixels from its place to where a label may move
  const NEAR_PX = 48; // how far one may that has no room in an area of its own
  const TIED_PX = 84; // how far one may that the title names: a line ties it to its place
  const OFF_PX = 64; // rather than over a neighbour beside the whole place, so near
  const WAYS = 12; // directions in which it may move at least
  const WAY_PX = 30; // between two of them far out
  const STEP_PX = 8; // between places within an area, at least
  const PLACES = 400; // in the box round an area, at most
  const OUTLINE_PX = 3; // beside the letters: thick lines round what the title names strike no name
  const SAMPLE_PX = 9; // between points at which a label is held against areas
  const MOSTLY = 0.75; // of a name in its own area: with less of it a reader takes it for a neighbour's
  const FOOT_PX = 4; // round the end of a line, seen beside marks
  const INNER_PX = 7; // from it to the border of its area
  const FEET = 24; // places at which a line may end
  const LINE_PX = 6; // between points at which a line is held against other signs
  const LEADING = 5; // pixels above and below the letters
  const INSIDE = ['wholly', 'apart', 'mostly', 'clear']; // demands of a label in its own area

  /** Where a label may go that leaves its place, ever farther. */
  function around(scale) {
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

  /** Places all over the box round an area as far as it is seen, the nearest to the label's own first. */
  function allOver(point, box, view, scale) {
    const left = Math.max(box[0], view.min.x);
    const top = Math.max(box[1], view.min.y);
    const [wide, high] = [Math.min(box[2], view.max.x) - left, Math.min(box[3], view.max.y) - top];
    if (wide <= 0 || high <= 0) return [[0, 0]];
    const step = Math.max(STEP_PX * scale, Math.sqrt(wide * high / PLACES));
    const list = [];
    for (let y = top + step / 2; y < top + high; y += step) {
      for (let x = left + step / 2; x < left + wide; x += step) list.push([x - point.x, y - point.y]);
    }
    const far = ([x, y]) => x * x + y * y;
    list.sort((a, b) => far(a) - far(b) || a[1] - b[1] || a[0] - b[0]);
    return [[0, 0], ...list];
  }

  /** A label at an offset, with the box that it takes. */
  function at(point, size, dx, dy) {
    const x = point.x + dx;
    const y = point.y + dy;
    const across = size.width / 2 + CLEAR;
    const up = size.height / 2 + CLEAR;
    return { dx, dy, box: [x - across, y - up, x + across, y + up] };
  }

  /** Whether a box lies in the view as a whole: a label that is cut says less than none. */
  function whole(box, view) {
    return box[0] >= view.min.x && box[1] >= view.min.y && box[2] <= view.max.x && box[3] <= view.max.y;
  }

  /** The first of the offsets at which the label is seen whole, meets nothing and may stand, or null. */
  function free(point, size, ground, offsets, may) {
    for (const [dx, dy] of offsets) {
      const spot = at(point, size, dx, dy);
      if (!whole(spot.box, ground.view) || ground.taken.some((other) => map.boxesMeet(spot.box, other))) continue;
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

  /** Which share of the letters of a label lies in an area. */
  function shareOf(area, [left, top, right, bottom]) {
    const points = pointsOf([left + OUTLINE_PX + CLEAR, top + LEADING, right - OUTLINE_PX - CLEAR, bottom - LEADING]);
    return points.filter(([x, y]) => area(x, y)).length / points.length;
  }

  /** Whether a label lies in an area. */
  function holds(area, box) {
    return cornersOf(box).every(([x, y]) => area(x, y));
  }

  /** The layer whose units the labels name. */
  function layerOf({ state }) {
    return state.next && state.next !== 'building' ? state.next : state.level;
  }

  /** Whether the outline of an area strikes a label, or the label stands in that of a neighbour. */
  function strikes({ area, id }, unit, box) {
    const points = pointsOf(box);
    const met = points.filter(([x, y]) => area(x, y)).length;
    return met > 0 && !(id === unit && met === points.length);
  }

  /** The point of a box that is nearest to another point. */
  function edgeOf([left, top, right, bottom], [x, y]) {
    return [Math.max(left, Math.min(right, x)), Math.max(top, Math.min(bottom, y))];
  }

  /** Whether a line can lead from a label to a foot: beside it, and `clear`: under no other sign. */
  function leads(box, foot, ground, clear) {
    const from = edgeOf(box, foot);
    const far = Math.hypot(foot[0] - from[0], foot[1] - from[1]);
    if (far < FOOT_PX * 2) return false;
    if (!clear) return true;
    const within = ([left, top, right, bottom], [x, y]) => x > left && x < right && y > top && y < bottom;
    const barred = ground.taken.filter((other) => !ground.rim.has(other));
    const count = Math.ceil(far / LINE_PX);
    return !Array.from({ length: count }, (_, i) => [0, 1].map((axis) => from[axis] + (foot[axis] - from[axis]) * i / count))
      .some((point) => barred.some((other) => within(other, point)));
  }

  /** Where a line to an area may end: its own place or others near it, well inside and hidden by no mark. */
  function feetOf(point, own, ground, places) {
    const corners = (x, y) => [[x - INNER_PX, y - INNER_PX], [x + INNER_PX, y - INNER_PX], [x - INNER_PX, y + INNER_PX], [x + INNER_PX, y + INNER_PX]];
    const feet = [];
    for (const [dx, dy] of places) {
      const [x, y] = [point.x + dx, point.y + dy];
      const box = [x - FOOT_PX, y - FOOT_PX, x + FOOT_PX, y + FOOT_PX];
      if (ground.taken.some((other) => map.boxesMeet(box, other))) continue;
      if (corners(x, y).every((corner) => own(...corner))) feet.push([x, y]);
      if (feet.length === FEET) break;
    }
    return feet.length ? feet : [[point.x, point.y]];
  }

  /** What is asked of the spot of a label, the most first: moved to a neighbour it would name that one. */
  function demands(scene, label, own, feet, ground) {
    const { place, outlined } = ground;
    const within = ({ dx, dy }, far) => Math.hypot(dx, dy) <= far * scene.scale;
    const struck = (box) => outlined.some((each) => strikes(each, label.unit, box));
    const middle = ({ box }) => own((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    const home = (spot) => middle(spot) && shareOf(own, spot.box) >= MOSTLY;
    const wholly = ({ box }) => holds(own, box) && shareOf(own, box) >= MOSTLY; // a bay may lie between the corners
    const mostly = (spot) => holds(place, spot.box) && home(spot);
    const out = (spot) => !cornersOf(spot.box).some(([x, y]) => place(x, y));
    const tied = (spot, clear) => {
      spot.foot = feet().find((foot) => leads(spot.box, foot, ground, clear));
      return Boolean(spot.foot);
    };
    const beside = (spot, far) => within(spot, far) && out(spot) && tied(spot, true);
    return {
      wholly,
      apart: (spot) => wholly(spot) && !struck(spot.box),
      mostly,
      clear: (spot) => mostly(spot) && !struck(spot.box),
      aside: (spot) => beside(spot, NEAR_PX) && Math.abs(spot.dx) >= Math.abs(spot.dy),
      beside: (spot) => beside(spot, NEAR_PX),
      off: (spot) => beside(spot, OFF_PX),
      tied: (spot) => within(spot, TIED_PX) && !struck(spot.box) && tied(spot, true),
      near: (spot) => within(spot, TIED_PX) && tied(spot, false),
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

  /** What labels in view find: where they may stand, and what is taken. */
  function groundOf(scene, taken) {
    const view = scene.leaflet.getPixelBounds();
    const rim = border(scene);
    taken.push(...map.hidden(scene, view), ...rim);
    const { state, stage, leaflet } = scene;
    const shaped = map.areaOf(scene, state.at.level, state.at.unit);
    // A city without a shape of its own is where its parts are.
    const anyPart = (x, y) => stage.pick(state.next, 'cells', leaflet.unproject([x, y])) !== null;
    const outlined = (state.strong || [])
      .map(({ layer, id }) => ({ id: layer === layerOf(scene) ? id : null, area: map.areaOf(scene, layer, id) }))
      .filter(({ area }) => area);
    return { view, taken, rim: new Set(rim), around: around(scene.scale), place: shaped || anyPart, outlined };
  }

  /** The first spot of a label that meets a demand, the first that can be met, or null; `foot`: where a line must lead. */
  function spotOf(signs, label, ground, demanded, size) {
    const { scene } = signs;
    const point = signs.point(label);
    if (!Number.isFinite(point.x) || !ground.view.contains(point)) return null;
    const lift = label.above ? size.height / 2 + ABOVE_PX * scene.scale : 0;
    point.y -= lift;
    const own = map.areaOf(scene, layerOf(scene), label.unit);
    const lower = (spot) => spot && Object.assign(spot, { dy: spot.dy - lift });
    const close = ({ dx, dy }) => Math.hypot(dx, dy) <= NEAR_PX * scene.scale;
    // Of what no tile knows nobody can tell where it ends: its name stays where it belongs.
    if (!own || !own.box) return lower(free(point, size, ground, own ? [[0, 0]] : ground.around, close));
    const places = allOver(point, own.box, ground.view, scene.scale);
    let found = null;
    const feet = () => (found = found || feetOf(point, own, ground, places));
    const may = demands(scene, label, own, feet, ground);
    for (const demand of demanded) {
      const spot = free(point, size, ground, INSIDE.includes(demand) ? places : ground.around, may[demand]);
      if (!spot) continue;
      if (spot.foot) spot.foot = [spot.foot[0] - point.x, spot.foot[1] - point.y];
      return lower(spot);
    }
    return null;
  }

  map.labelGround = groundOf;
  map.labelSpot = spotOf;
  map.labelEdge = edgeOf;
  map.LABEL_CLEAR = CLEAR;
})();
