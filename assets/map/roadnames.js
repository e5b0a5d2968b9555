// Names along roads: set where a road runs straight for long enough, the greater roads first.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const FROM = 13.2;
  const NEAR = 15; // from here on borders run along the streets
  const SIZE = 12;
  const [THIN, THICK] = [0.24, 0.55]; // of the letters: a halo, and one that breaks a line below them
  const MOST = 14;
  const ORDER = ['motorway', 'trunk', 'arterial', 'primary', 'secondary', 'tertiary', 'local'];
  const APART = 420; // pixels between two places of one name
  const CLEAR = 4;
  const BEND = 0.06; // how far a road may leave the chord under its name, as a share of it

  /** The straightest stretch of a stroke that carries so many pixels, or null: middle and angle. */
  function stretch(points, wanted) {
    let best = null;
    for (let i = 0, j = 1; i < points.length - 1; i += 1) {
      while (j < points.length && far(points[i], points[j]) < wanted) j += 1;
      if (j >= points.length) break;
      const found = chord(points, i, j);
      if (found.bend < BEND && (!best || found.bend < best.bend)) best = found;
    }
    return best;
  }

  function far(a, b) {
    return Math.hypot(b[0] - a[0], b[1] - a[1]);
  }

  /** The chord from one point to another: its middle, its angle, how far the road leaves it. */
  function chord(points, i, j) {
    const [a, b] = [points[i], points[j]];
    const length = far(a, b);
    let most = 0;
    for (let k = i + 1; k < j; k += 1) {
      const p = points[k];
      const off = Math.abs((b[0] - a[0]) * (a[1] - p[1]) - (a[0] - p[0]) * (b[1] - a[1])) / length;
      most = Math.max(most, off);
    }
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    return { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, angle, bend: most / length };
  }

  /** Never upside down: read from the left, or from below where the road is steep. */
  function upright(angle) {
    const quarter = Math.PI / 2;
    return angle > quarter ? angle - Math.PI : angle <= -quarter ? angle + Math.PI : angle;
  }

  /** The box round a turned text. */
  function boxOf(spot, width, height) {
    const [c, s] = [Math.abs(Math.cos(spot.angle)), Math.abs(Math.sin(spot.angle))];
    const x = (width * c + height * s) / 2 + CLEAR;
    const y = (width * s + height * c) / 2 + CLEAR;
    return [spot.x - x, spot.y - y, spot.x + x, spot.y + y];
  }

  /** Boxes along a turned text, for one round it all would forbid half the map. */
  function boxes(spot, width, height) {
    const parts = Math.max(1, Math.round(width / height));
    const list = [];
    for (let i = 0; i < parts; i += 1) {
      const along = ((i + 0.5) / parts - 0.5) * width;
      const x = spot.x + along * Math.cos(spot.angle);
      const y = spot.y + along * Math.sin(spot.angle);
      list.push(boxOf({ x, y, angle: 0 }, height, height));
    }
    return list;
  }

  /** Every named stretch of road in the painted frame, in world pixels of the view's zoom. */
  function strokes(scene) {
    const { stage, state } = scene;
    const found = [];
    const zoom = scene.leaflet.getZoomScale(scene.leaflet.getZoom(), stage.frame.zoom);
    for (const { tile, layer } of stage.parts('base', 'names')) {
      const unit = tile.span / layer.extent * zoom;
      const origin = [tile.x * tile.span * zoom, tile.y * tile.span * zoom];
      for (const line of layer.lines()) {
        const [kind, zh, en] = line.kind.split('\n');
        const points = line.points.map(([x, y]) => [origin[0] + x * unit, origin[1] + y * unit]);
        const rank = ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length;
        found.push({ rank, name: (state.lang === 'en' && en) || zh, points });
      }
    }
    return found.sort((a, b) => a.rank - b.rank);
  }

  /** One name as a sign. */
  function draw(scene, road, spot, size) {
    const element = map.board('map-roadname');
    element.appendChild(map.svg('text', {
      transform: `rotate(${(spot.angle * 180 / Math.PI).toFixed(1)})`, y: size * 0.36,
      'font-size': size, 'stroke-width': size * (scene.leaflet.getZoom() < NEAR ? THIN : THICK), 'text-anchor': 'middle',
    }, road.name));
    const place = scene.leaflet.unproject([spot.x, spot.y]);
    return { element, lat: place.lat, lon: place.lng };
  }

  /** Draw the names that find room; not over a choropleth of the whole, where they would be noise. */
  function drawRoadNames(signs, taken) {
    const scene = signs.scene;
    if (!scene.stage.frame || scene.leaflet.getZoom() < FROM || scene.filled()) return [];
    const size = SIZE * scene.scale;
    const family = getComputedStyle(scene.container).fontFamily;
    const view = scene.leaflet.getPixelBounds();
    const [drawn, placed] = [[], new Map()];
    for (const road of strokes(scene)) {
      if (drawn.length >= MOST) break;
      const width = map.measureText(road.name, size, family);
      const spot = stretch(road.points, width * 1.25);
      if (!spot) continue;
      spot.angle = upright(spot.angle);
      const [left, top, right, bottom] = boxOf(spot, width, size);
      if (!view.contains([left, top]) || !view.contains([right, bottom])) continue;
      const others = placed.get(road.name) || [];
      const room = boxes(spot, width, size * 1.2);
      if (others.some((other) => far(other, [spot.x, spot.y]) < APART * scene.scale)) continue;
      if (room.some((box) => taken.some((other) => map.boxesMeet(box, other)))) continue;
      taken.push(...room);
      placed.set(road.name, [...others, [spot.x, spot.y]]);
      drawn.push(draw(scene, road, spot, size));
    }
    return drawn;
  }

  map.drawRoadNames = drawRoadNames;
})();
