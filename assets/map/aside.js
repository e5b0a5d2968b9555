// Where a place goes: a little aside from what lies over the corners of the map.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  // What may lie over the corners: the switch, the list of alerts, the legend, the buttons, and some
  // air round them. They are no measured boxes, so that a place is seen alike under every measure and
  // in every language, but each holds the largest that is ever drawn there. `of`: what the city must
  // have for there to be anything.
  const BUTTONS = [
    { right: 0, bottom: 0, width: 62, height: 166 },
    { right: 0, bottom: 0, width: 116, height: 45 },
  ];
  const OVER_CELLS = [
    { left: 0, top: 0, width: 314, height: 84, of: 'cases' },
    { right: 0, top: 0, width: 280, height: 136, of: 'alerts', opaque: true },
    ...BUTTONS,
  ];
  const CORNERS = {
    cells: [
      ...OVER_CELLS,
      { left: 0, bottom: 0, width: 292, height: 80, of: 'cases' },
      { left: 0, bottom: 0, width: 336, height: 46, of: 'cases' },
    ],
    buildings: [...OVER_CELLS, { left: 0, bottom: 0, width: 262, height: 140, of: 'cases' }],
    heat: [
      { left: 0, top: 0, width: 276, height: 130 },
      { right: 0, top: 0, width: 184, height: 54 },
      { right: 0, top: 46, width: 346, height: 48 },
      { right: 0, bottom: 104, width: 62, height: 166 },
      { right: 0, bottom: 104, width: 122, height: 45 },
    ],
  };
  const SMALLER = 0.015; // of a zoom, from one size that is tried to the next
  const STEP_PX = 10; // from one position that is tried to the next
  // Of a zoom: a place must stay large, but a card hides what words over cells let through.
  const MOST_LOST = { cells: 0.195, buildings: 0.45, heat: 0.45 };
  const MOST_LOST_GIVEN = 0.5; // where the page says itself what lies over its corners
  const MOST_CLEAR = 0.28; // of a zoom: what may be lost if nothing lies under the list of alerts then
  const COVERED_COSTS = 0.06; // of a zoom: a point of the border in a corner
  const PIXEL_COSTS = 0.0004; // of a zoom: room given up for nothing

  /** A corner as a box in a map of this size. */
  function boxOf(corner, size) {
    const left = 'left' in corner ? corner.left : size.x - corner.right - corner.width;
    const top = 'top' in corner ? corner.top : size.y - corner.bottom - corner.height;
    return { left, top, right: left + corner.width, bottom: top + corner.height, opaque: corner.opaque };
  }

  /** What a scene's map shows, as far as its corners depend on it. */
  function kindOf(state) {
    return state.heat ? 'heat' : state.level === 'building' ? 'buildings' : 'cells';
  }

  /** The corners of a scene's map that hold something, as boxes; a narrow map has none. */
  function cornersOf({ state, leaflet }, narrow) {
    if (narrow) return [];
    if (state.corners) return state.corners.map((corner) => boxOf(corner, leaflet.getSize()));
    const kept = state.page || {};
    return CORNERS[kindOf(state)].filter((corner) => kept[corner.of] !== false)
      .map((corner) => boxOf(corner, leaflet.getSize()));
  }

  /** How many points would lie under a box, were the place so large and its corner there. */
  function covered(points, scale, x, y, boxes, most) {
    let count = 0;
    for (const point of points) {
      const across = x + point.x * scale;
      const down = y + point.y * scale;
      if (boxes.some((box) => across > box.left && across < box.right && down > box.top && down < box.bottom)) count += 1;
      if (count > most) break;
    }
    return count;
  }

  /** How far from the middle a place may be moved to both sides, the nearest first. */
  function shifts(room, step) {
    const list = [0];
    for (let off = step; off < room / 2; off += step) list.push(off, -off);
    if (room > 0) list.push(room / 2, -room / 2);
    return list;
  }

  /** Where bounds go between the pads: as large as they can be, and clear of the corners. */
  function aside(scene, bounds, pad, closest, narrow) {
    const leaflet = scene.leaflet;
    const size = leaflet.getSize();
    const start = leaflet.project(bounds.getNorthWest(), 0);
    const extent = leaflet.project(bounds.getSouthEast(), 0).subtract(start);
    const points = (scene.state.rim || []).map(([lon, lat]) => leaflet.project([lat, lon], 0).subtract(start));
    const wide = Math.max(1, size.x - pad.left - pad.right);
    const high = Math.max(1, size.y - pad.top - pad.bottom);
    const fits = Math.log2(Math.min(wide / extent.x, high / extent.y));
    const largest = Math.max(leaflet.getMinZoom(), Math.min(closest, fits));
    const corners = cornersOf(scene, narrow);
    const opaque = corners.filter((corner) => corner.opaque);
    const most = scene.state.corners ? MOST_LOST_GIVEN : MOST_LOST[kindOf(scene.state)];
    let best = { cost: Infinity };
    for (let lost = 0; lost <= Math.max(most, MOST_CLEAR) && lost < best.cost; lost += SMALLER) {
      const scale = Math.pow(2, largest - lost);
      const [across, down] = [wide - extent.x * scale, high - extent.y * scale];
      for (const right of shifts(across, STEP_PX * scene.scale)) {
        for (const low of shifts(down, STEP_PX * scene.scale)) {
          const given = lost + PIXEL_COSTS / scene.scale * (Math.abs(right) + Math.abs(low));
          if (given >= best.cost) continue;
          const [x, y] = [pad.left + across / 2 + right, pad.top + down / 2 + low];
          const count = covered(points, scale, x, y, corners, (best.cost - given) / COVERED_COSTS);
          const cost = given + COVERED_COSTS * count;
          if (cost >= best.cost || (lost > most && covered(points, scale, x, y, opaque, 0))) continue;
          best = { cost, scale, x, y, zoom: largest - lost };
        }
      }
    }
    const middle = window.L.point(size.x / 2 - best.x, size.y / 2 - best.y).divideBy(best.scale).add(start);
    return { center: leaflet.unproject(middle, 0), zoom: best.zoom };
  }

  map.aside = aside;
})();
