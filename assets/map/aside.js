// Where a place goes: a little aside from what lies over the corners of the map.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  // What may lie over the corners: the switch, the list of alerts, the legend, the buttons, and some
  // air round them. They are no measured boxes, so that a place is seen alike under every measure and
  // in every language. `of`: what the city must have for there to be anything.
  const CORNERS = [
    { left: 0, top: 0, width: 308, height: 88, of: 'cases' },
    { right: 0, top: 0, width: 284, height: 146 },
    { left: 0, bottom: 0, width: 290, height: 76, of: 'cases' },
    { right: 0, bottom: 0, width: 62, height: 166 },
    { right: 0, bottom: 0, width: 116, height: 45 },
  ];
  // Room given up at the sides to come clear of them. Where a place is higher than wide, room at one
  // side only moves it aside; else it makes it smaller.
  const ASIDE = [[0, 0], [24, 24], [48, 48], [72, 72]];
  for (let room = 24; room <= 288; room += 24) ASIDE.push([room, 0], [0, room]);
  const NUDGES = [];
  for (const [left, right] of ASIDE) {
    for (const top of [0, 8, 16, 24, 32, 40, 48, 56]) {
      for (const bottom of [0, 8, 16, 24]) NUDGES.push([right, top, left, bottom]);
    }
  }
  const MOST_LOST = 0.195; // of a zoom: a place must stay large
  const COVERED_COSTS = 0.06; // of a zoom: a point of the border in a corner
  const PIXEL_COSTS = 0.0001; // of a zoom: room given up for nothing

  /** A corner as a box in a map of this size. */
  function boxOf(corner, size) {
    const left = 'left' in corner ? corner.left : size.x - corner.right - corner.width;
    const top = 'top' in corner ? corner.top : size.y - corner.bottom - corner.height;
    return { left, top, right: left + corner.width, bottom: top + corner.height };
  }

  /** How many points, in pixels of zoom 0, would lie under a box if the map looked at a goal. */
  function covered(leaflet, points, goal, boxes) {
    const scale = Math.pow(2, goal.zoom);
    const centre = leaflet.project(goal.center, 0);
    const middle = leaflet.getSize().divideBy(2);
    return points.filter((point) => {
      const x = (point.x - centre.x) * scale + middle.x;
      const y = (point.y - centre.y) * scale + middle.y;
      return boxes.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom);
    }).length;
  }

  /** Where bounds fit with these options, which are changed to lead there; a narrow map has no corners. */
  function aside(scene, bounds, options, narrow) {
    const leaflet = scene.leaflet;
    const rim = (scene.state.rim || []).map(([lon, lat]) => leaflet.project([lat, lon], 0));
    const [right, bottom] = options.paddingBottomRight;
    const [left, top] = options.paddingTopLeft;
    const at = ([more, down, over, up]) => {
      options.paddingBottomRight = [right + more, bottom + up];
      options.paddingTopLeft = [left + over, top + down];
      return leaflet._getBoundsCenterZoom(bounds, options);
    };
    const kept = scene.state.page || {};
    const corners = CORNERS.filter((corner) => kept[corner.of] !== false)
      .map((corner) => boxOf(corner, leaflet.getSize()));
    const largest = at(NUDGES[0]).zoom;
    let best = { nudge: NUDGES[0], cost: Infinity };
    for (const nudge of narrow ? [] : NUDGES) {
      const goal = at(nudge);
      const lost = largest - goal.zoom;
      const given = nudge.reduce((sum, pixels) => sum + pixels, 0);
      const cost = lost + PIXEL_COSTS * given;
      if (lost > MOST_LOST || cost >= best.cost) continue;
      const whole = cost + COVERED_COSTS * covered(leaflet, rim, goal, corners);
      if (whole < best.cost) best = { nudge, cost: whole };
    }
    return at(best.nudge);
  }

  map.aside = aside;
})();
