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
  const CARDS = '.overlay .map-head, .overlay .card, .overlay .legend, .overlay .zoom, .overlay .scale, .overlay .layers, .path-row';
  const AIR = 12; // more of it where names stand alone, or many of them look like a list
  const RIM_PX = 3; // round a point of the border
  const ABOVE_PX = 7; // between a roof and the name above it

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

  /** Where a label may go, its own place first: below, above, beside. */
  function offsets(scale) {
    const step = 24 * scale;
    return [[0, 0], [0, step], [0, -step], [step * 1.4, 0], [-step * 1.4, 0],
      [step, step], [-step, step], [step, -step], [-step, -step], [0, step * 1.7], [0, -step * 1.7]];
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

  /** The first offset at which the label is seen whole, meets nothing and is at home, or null. */
  function free(point, size, taken, scale, view, home) {
    for (const [dx, dy] of offsets(scale)) {
      const spot = at(point, size, dx, dy);
      if (!whole(spot.box, view) || taken.some((other) => meet(spot.box, other))) continue;
      if ((dx || dy) && !home(point.add([dx, dy]))) continue;
      return spot;
    }
    return null;
  }

  /** Whether a point lies in the place of a label: moved to a neighbour it would name that one. */
  function homeOf(scene, label) {
    const { state, stage, leaflet } = scene;
    const layer = state.next && state.next !== 'building' ? state.next : state.level;
    if (label.unit === undefined || layer === 'building' || !stage.parts(layer, 'cells').length) return () => true;
    return (point) => stage.pick(layer, 'cells', leaflet.unproject(point)) === label.unit;
  }

  /** The border of the place as boxes: a name on it belongs neither to one side nor to the other. */
  function border(scene) {
    if (scene.whole() || scene.single()) return [];
    return (scene.state.rim || []).map(([lon, lat]) => {
      const { x, y } = scene.leaflet.project([lat, lon]);
      return [x - RIM_PX, y - RIM_PX, x + RIM_PX, y + RIM_PX];
    });
  }

  /** The label at its place, moved into the view where it would be cut. */
  function within(point, size, view) {
    const [left, top, right, bottom] = at(point, size, 0, 0).box;
    const dx = Math.max(0, view.min.x - left) - Math.max(0, right - view.max.x);
    const dy = Math.max(0, view.min.y - top) - Math.max(0, bottom - view.max.y);
    return at(point, size, dx, dy);
  }

  /** One line of a label. */
  function line(text, y, size, weight, className) {
    return map.svg('text', {
      y, class: className, 'text-anchor': 'middle', 'font-size': size, 'font-weight': weight,
      'stroke-width': size * 0.24,
    }, text);
  }

  /** Draw a label at an offset from its place. */
  function draw(label, spot, scale) {
    const element = map.board('map-label');
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

  /** Order of rights: the chosen unit, strong ones, then as given. */
  function ranked(labels, selected) {
    const rank = (label) => (selected && label.unit === selected.id ? 0 : label.strong ? 1 : 2);
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

  /** What the cards over the map hide of it, in the pixels of the view. */
  function hidden(scene, view) {
    const ground = scene.container.getBoundingClientRect();
    return [...document.querySelectorAll(CARDS)].map((card) => {
      const box = card.getBoundingClientRect();
      const [x, y] = [view.min.x - ground.left, view.min.y - ground.top];
      return [box.left + x, box.top + y, box.right + x, box.bottom + y];
    });
  }

  /** Draw the labels in view that find room. */
  function drawLabels(signs, labels, taken) {
    const scene = signs.scene;
    const scale = scene.scale;
    const family = getComputedStyle(scene.container).fontFamily;
    const view = scene.leaflet.getPixelBounds();
    const limit = most(scene);
    const air = scene.state.labels_most ? AIR : 0;
    const drawn = [];
    taken.push(...hidden(scene, view), ...border(scene));
    for (const label of ranked(labels, scene.state.selected)) {
      if (drawn.length >= limit) break;
      const point = signs.point(label);
      if (!Number.isFinite(point.x) || !view.contains(point)) continue;
      const size = sizeOf(label, scale, family, air);
      if (label.above) point.y -= size.height / 2 + ABOVE_PX * scale;
      // What the title speaks of must be found on the map, even if it lies on something.
      const spot = free(point, size, taken, scale, view, homeOf(scene, label)) ||
        (label.strong && (free(point, size, taken, scale, view, () => true) || within(point, size, view)));
      if (!spot) continue;
      taken.push(spot.box);
      if (label.above) spot.dy -= size.height / 2 + ABOVE_PX * scale;
      drawn.push(draw(label, spot, scale));
    }
    return drawn;
  }

  map.drawLabels = drawLabels;
  map.measureText = measure;
  map.boxesMeet = meet;
})();
