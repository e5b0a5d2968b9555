// The plane of a place: metres east and south of its middle, so that lengths on it are lengths on the ground.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const EQUATOR_M = 40075016.686;
  const TILE = 256;
  const { PI } = Math;

  /** Web Mercator of the whole earth as the square 0 … 1. */
  function square(lon, lat) {
    const sine = Math.sin(lat * PI / 180);
    return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * PI)];
  }

  /** Web Mercator stretched to metres at one latitude: right to a few parts in ten thousand for a street. */
  class Plane {
    constructor([west, south, east, north]) {
      const latitude = (south + north) / 2;
      this.metres = EQUATOR_M * Math.cos(latitude * PI / 180); // of the whole square
      [this.x0, this.y0] = square((west + east) / 2, latitude);
    }

    /** Metres of a place on earth. */
    from(lon, lat) {
      const [x, y] = square(lon, lat);
      return [(x - this.x0) * this.metres, (y - this.y0) * this.metres];
    }

    /** Longitude and latitude of metres. */
    to(x, y) {
      const across = x / this.metres + this.x0;
      const down = y / this.metres + this.y0;
      return [across * 360 - 180, Math.atan(Math.sinh(PI * (1 - 2 * down))) * 180 / PI];
    }

    line(points) {
      return points.map(([lon, lat]) => this.from(lon, lat));
    }

    /** Of a line in metres, as the server takes it. */
    earth(points) {
      return points.map(([x, y]) => this.to(x, y).map((degrees) => Number(degrees.toFixed(8))));
    }

    /** The depth of tiles at which a pixel is so many metres. */
    zoomOf(pixelsPerMetre) {
      return Math.log2(pixelsPerMetre * this.metres / TILE);
    }

    /** Where metres lie among the pixels of the world, so many of which are a metre. */
    world(x, y, pixelsPerMetre) {
      return [(x + this.x0 * this.metres) * pixelsPerMetre, (y + this.y0 * this.metres) * pixelsPerMetre];
    }
  }

  /** The nearest point of a segment: [x, y, share of the way]. */
  function nearest([x, y], [ax, ay], [bx, by]) {
    const [dx, dy] = [bx - ax, by - ay];
    const square = dx * dx + dy * dy;
    const share = square ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
    return [ax + dx * share, ay + dy * share, share];
  }

  function far([ax, ay], [bx, by]) {
    return Math.hypot(bx - ax, by - ay);
  }

  function lengthOf(points) {
    return points.slice(1).reduce((sum, point, i) => sum + far(points[i], point), 0);
  }

  /** Twice-signed area of a ring halved: positive where it turns to the right on the screen. */
  function areaOf(ring) {
    return ring.reduce((sum, [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length];
      return sum + x * ny - nx * y;
    }, 0) / 2;
  }

  /** Whether a point lies in rings, of which inner ones are holes. */
  function holds(rings, [x, y]) {
    let inside = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
        if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
      }
    }
    return inside;
  }

  /** [left, top, right, bottom] of points. */
  function boxOf(points) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of points) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
    return box;
  }

  /** Whether a point lies in a box made wider by so much. */
  function near(box, [x, y], room) {
    return x >= box[0] - room && y >= box[1] - room && x <= box[2] + room && y <= box[3] + room;
  }

  /** The share of a stretch that lies in a box. */
  function within([left, top, right, bottom], [ax, ay], [bx, by]) {
    let [first, last] = [0, 1];
    for (const [at, step, low, high] of [[ax, bx - ax, left, right], [ay, by - ay, top, bottom]]) {
      if (!step && (at < low || at > high)) return 0;
      const ends = step ? [(low - at) / step, (high - at) / step] : [0, 1];
      first = Math.max(first, Math.min(...ends));
      last = Math.min(last, Math.max(...ends));
    }
    return Math.max(0, last - first);
  }

  /** The point so far along a line from its beginning. */
  function along(points, distance) {
    let left = distance;
    for (let i = 1; i < points.length; i += 1) {
      const step = far(points[i - 1], points[i]);
      if (left <= step && step) {
        const share = left / step;
        return points[i].map((value, axis) => points[i - 1][axis] + (value - points[i - 1][axis]) * share);
      }
      left -= step;
    }
    return points[points.length - 1];
  }

  /** The places of a line's points that it bends at by more than a tolerance in metres; its ends too. */
  function bends(points, tolerance) {
    const kept = [0, points.length - 1];
    const look = (from, to) => {
      let [most, place] = [tolerance, 0];
      for (let i = from + 1; i < to; i += 1) {
        const off = far(points[i], nearest(points[i], points[from], points[to]));
        if (off > most) [most, place] = [off, i];
      }
      if (!place) return;
      kept.push(place);
      look(from, place);
      look(place, to);
    };
    look(0, points.length - 1);
    return kept.sort((a, b) => a - b);
  }

  planner.Plane = Plane;
  planner.shapes = { bends, nearest, far, lengthOf, areaOf, holds, boxOf, near, within, along };
})();
