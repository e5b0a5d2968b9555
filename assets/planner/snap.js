// Snapping: the nearest road, river, wall or border within a tolerance in metres, and the way along it.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const TOLERANCES_M = [2, 4, 8, 16, 32];
  const CORNER = 0.6; // of the tolerance: a corner this near is meant rather than the line beside it
  const BORDER = "border";

  class Snap {
    constructor() {
      this.on = true;
      this.tolerance = TOLERANCES_M[2];
      this.fixed = [];
      this.borders = [];
    }

    /** Roads, rivers and walls of the land, in metres. */
    ground(plane, lines) {
      this.fixed = lines.map(({ kind, name, points }) => this.line(kind, name, plane.line(points)));
    }

    /** Borders of the draft. */
    set(grids) {
      this.borders = grids.flatMap((grid) => grid.rings.map((ring) => this.line(BORDER, "", [...ring, ring[0]])));
    }

    line(kind, name, points) {
      return { kind, name, points, box: planner.shapes.boxOf(points) };
    }

    /** Wider or narrower by a step. */
    step(wider) {
      const at = TOLERANCES_M.indexOf(this.tolerance) + (wider ? 1 : -1);
      this.tolerance = TOLERANCES_M[Math.min(TOLERANCES_M.length - 1, Math.max(0, at))];
    }

    /** The point that is meant: [x, y], and the line and segment it lies on where it was drawn there. */
    find(point) {
      if (!this.on) return { at: point, line: null };
      const { near, nearest, far } = planner.shapes;
      let best = { distance: this.tolerance, at: point, line: null };
      for (const line of [...this.fixed, ...this.borders]) {
        if (!near(line.box, point, this.tolerance)) continue;
        for (let i = 1; i < line.points.length; i += 1) {
          const [x, y, share] = nearest(point, line.points[i - 1], line.points[i]);
          const distance = far(point, [x, y]);
          if (distance < best.distance) best = { distance, at: [x, y], line, place: i - 1 + share };
        }
      }
      return this.cornered(point, best);
    }

    cornered(point, found) {
      if (!found.line) return found;
      const place = Math.round(found.place);
      const corner = found.line.points[place];
      return planner.shapes.far(corner, point) <= this.tolerance * CORNER ? { ...found, at: corner, place } : found;
    }

    /** What lies between two points that were drawn to the same line: its corners. */
    between(a, b) {
      if (!a.line || a.line !== b.line) return [];
      const [from, to] = a.place <= b.place ? [a, b] : [b, a];
      const corners = a.line.points.slice(Math.floor(from.place) + 1, Math.ceil(to.place));
      const way = from === a ? corners : corners.reverse();
      const round = planner.shapes.lengthOf([a.at, ...way, b.at]);
      return round > 3 * planner.shapes.far(a.at, b.at) ? [] : way; // not round a whole block
    }

    /** A line through found points, along what they were drawn to. */
    traced(found) {
      return found.flatMap((each, i) => (i ? [...this.between(found[i - 1], each), each.at] : [each.at]));
    }
  }

  planner.Snap = Snap;
  planner.BORDER = BORDER;
})();
