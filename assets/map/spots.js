// Hot spots: a smooth line round each, and its number in the list beside the map in a dark disc.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const RADIUS = 12;
  const LEAST = 24; // half the width of the smallest line drawn: its disc stands inside, not on it
  const SMALL = 140; // across, up to which names keep clear of a line
  const EDGE = 8; // round a line, so that its own width is not cut off
  let masks = 0;
  const CORNERS = 16; // of the line round a spot that has no shape

  function box(x, y, reach) {
    return [x - reach, y - reach, x + reach, y + reach];
  }

  /** The line round a spot in pixels from its place, drawn larger where it would not be seen. */
  function ringOf(signs, spot, at) {
    const least = LEAST * signs.scene.scale;
    const ring = spot.ring || [];
    if (ring.length < 3) return circle(least);
    const points = ring.map(([lon, lat]) => signs.point({ lon, lat }).subtract(at));
    const xs = points.map((point) => point.x);
    const ys = points.map((point) => point.y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    const across = Math.max(1, least / Math.max(1, (right - left) / 2));
    const down = Math.max(1, least / Math.max(1, (bottom - top) / 2));
    return points.map(({ x, y }) => [middle.x + (x - middle.x) * across, middle.y + (y - middle.y) * down]);
  }

  function circle(radius) {
    return Array.from({ length: CORNERS }, (_, corner) => {
      const turn = (corner / CORNERS) * 2 * Math.PI;
      return [Math.cos(turn) * radius, Math.sin(turn) * radius];
    });
  }

  /** A closed line without corners: it bends at each point and passes half-way between two. */
  function smooth(points) {
    const half = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const write = (point) => point.map((value) => value.toFixed(1)).join(' ');
    const next = (place) => points[(place + 1) % points.length];
    const bends = points.map((point, place) => `Q${write(point)} ${write(half(point, next(place)))}`);
    return `M${write(half(points[points.length - 1], points[0]))}${bends.join('')}Z`;
  }

  /** The middle of a line. */
  function middleOf(points) {
    const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    return [mean(0), mean(1)];
  }

  /** Whether a disc has left its line and must point to it. */
  function outside(points, place) {
    return [0, 1].some((axis) => {
      const along = points.map((point) => point[axis]);
      return place[axis] < Math.min(...along) || place[axis] > Math.max(...along);
    });
  }

  /** The box of a line. */
  function around(at, points) {
    const xs = points.map(([x]) => at.x + x);
    const ys = points.map(([, y]) => at.y + y);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  /** A free place for the disc: in the middle of its line if alerts and other discs leave it. */
  function placeOf(at, middle, reach, taken) {
    const steps = [[0, 0], [0, -2], [0, 2], [2, 0], [-2, 0], [2, -2], [-2, -2], [2, 2], [-2, 2]];
    const boxes = [];
    for (const far of [1, 1.6]) {
      for (const [x, y] of steps) {
        boxes.push(box(at.x + middle[0] + x * far * reach, at.y + middle[1] + y * far * reach, reach));
      }
    }
    return boxes.find((one) => !taken.some((other) => map.boxesMeet(one, other))) || boxes[0];
  }

  /** Hide what lies inside the lines beside it: touching lines become one round all of them. */
  function join(line, at, own, near) {
    const id = 'map-spot-mask-' + (masks += 1);
    const [left, top, right, bottom] = own;
    const area = { x: left - at.x - EDGE, y: top - at.y - EDGE, width: right - left + 2 * EDGE, height: bottom - top + 2 * EDGE };
    const mask = map.svg('mask', { id, maskUnits: 'userSpaceOnUse', ...area });
    mask.appendChild(map.svg('rect', { ...area, class: 'map-spot-kept' }));
    for (const other of near) {
      const moved = other.ring.map(([x, y]) => [x + other.at.x - at.x, y + other.at.y - at.y]);
      mask.appendChild(map.svg('path', { d: smooth(moved), class: 'map-spot-hidden' }));
    }
    line.parentNode.insertBefore(mask, line);
    line.setAttribute('mask', `url(#${id})`);
  }

  /** Draw lines and numbers, these beside alerts and each other, and note the room that they take. */
  function drawSpots(signs, spots, taken) {
    const scale = signs.scene.scale;
    const reach = RADIUS * scale;
    const lines = [];
    const rings = [];
    const drawnLines = [];
    const drawn = spots.map((spot) => {
      const at = signs.point(spot);
      const ring = ringOf(signs, spot, at);
      const middle = middleOf(ring);
      const place = placeOf(at, middle, reach, taken);
      taken.push(place);
      lines.push(around(at, ring));
      rings.push({ at, ring });
      const element = map.board('map-spot');
      const x = place[0] + reach - at.x;
      const y = place[1] + reach - at.y;
      const line = element.appendChild(map.svg('g', {}));
      const d = smooth(ring);
      line.appendChild(map.svg('path', { d, class: 'map-spot-casing', 'stroke-width': 5 * scale }));
      line.appendChild(map.svg('path', { d, class: 'map-spot-line', 'stroke-width': 2.4 * scale }));
      const leader = { x1: middle[0], y1: middle[1], x2: x, y2: y, 'stroke-width': 1.4 * scale };
      if (outside(ring, [x, y])) {
        element.appendChild(map.svg('line', { ...leader, class: 'map-spot-line' }));
      }
      element.appendChild(map.svg('circle', { cx: x, cy: y, r: reach, class: 'map-spot-plate' }));
      element.appendChild(map.svg('text', {
        x, y: y + 4.7 * scale, 'font-size': 13 * scale, class: 'map-spot-number',
      }, String(spot.n)));
      const { lat, lon, href, text } = spot;
      drawnLines.push(line);
      return { element, lat, lon, href, text, target: { layer: spot.layer, id: spot.id } };
    });
    drawnLines.forEach((line, own) => {
      const near = rings.filter((_, other) => other !== own && map.boxesMeet(lines[own], lines[other]));
      if (near.length) join(line, rings[own].at, lines[own], near);
    });
    taken.push(...lines.filter((one) => one[2] - one[0] < SMALL * scale && one[3] - one[1] < SMALL * scale));
    return drawn.reverse(); // the first lies on top
  }

  map.drawSpots = drawSpots;
})();
