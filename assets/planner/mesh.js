// The net of the draft's borders: corners that grids share, and what land changes hands when one is moved.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const CENTIMETRES = 100; // points nearer than one are the same
  const STRAIGHT_M = 0.3; // points that a border leaves by no more are no corners of it
  const OFF_M = 0.6; // beside a border, to ask whose land it is
  const LEAST_M2 = 0.5;

  const keyOf = ([x, y]) => `${Math.round(x * CENTIMETRES)},${Math.round(y * CENTIMETRES)}`;

  class Mesh {
    /** grids: shapes with rings in metres; every edge runs straight and knows the one or two grids that it bounds. */
    constructor(grids) {
      this.grids = grids;
      const steps = new Map(); // the least pieces of border, by both ends
      for (const grid of grids) {
        for (const ring of grid.rings) ring.forEach((at, i) => this.step(steps, grid, at, ring[(i + 1) % ring.length]));
      }
      this.corners = new Map(); // by their keys
      this.edges = [];
      for (const line of this.lines([...steps.values()])) this.line(line);
    }

    step(steps, grid, from, to) {
      const ends = [from, to].map((at) => ({ key: keyOf(at), at })).sort((a, b) => (a.key < b.key ? -1 : 1));
      if (ends[0].key === ends[1].key) return;
      const key = `${ends[0].key} ${ends[1].key}`;
      if (!steps.has(key)) steps.set(key, { ends, grids: [] });
      steps.get(key).grids.push(grid);
    }

    /** Pieces put end to end as long as the same grids lie on both sides: [{points, grids}]. */
    lines(steps) {
      const of = new Map();
      for (const step of steps) {
        for (const { key } of step.ends) of.set(key, [...(of.get(key) || []), step]);
      }
      const whose = (step) => step.grids.map((grid) => grid.row).sort().join();
      const onward = (key, step) => {
        const others = of.get(key).filter((other) => other !== step);
        return others.length === 1 && whose(others[0]) === whose(step) ? others[0] : null;
      };
      const used = new Set();
      const walk = (step, end) => {
        const points = [];
        let [here, at] = [step, end];
        while (here && !used.has(here)) {
          used.add(here);
          at = here.ends[0].key === at.key ? here.ends[1] : here.ends[0];
          points.push(at.at);
          here = onward(at.key, here);
        }
        return points;
      };
      const ended = (step) => step.ends.find((end) => !onward(end.key, step));
      const first = steps.filter(ended); // rings without an end begin anywhere
      const found = [];
      for (const step of [...first, ...steps]) {
        if (used.has(step)) continue;
        const begin = ended(step) || step.ends[0];
        found.push({ points: [begin.at, ...walk(step, begin)], grids: step.grids });
      }
      return found;
    }

    /** A line cut at its bends into edges. */
    line({ points, grids }) {
      const places = planner.shapes.bends(points, STRAIGHT_M);
      places.slice(1).forEach((to, i) => {
        const part = points.slice(places[i], to + 1);
        const [a, b] = [part[0], part[part.length - 1]].map((at) => this.corner(at));
        const edge = { a, b, points: part, grids };
        this.edges.push(edge);
        a.edges.push(edge);
        b.edges.push(edge);
      });
    }

    corner(at) {
      const key = keyOf(at);
      if (!this.corners.has(key)) this.corners.set(key, { key, at, edges: [] });
      return this.corners.get(key);
    }

    /** Edges of a corner between two grids: the ones that may be moved. */
    inner(corner) {
      return corner.edges.filter((edge) => edge.grids.length === 2);
    }

    /** Corners that can be moved; of one grid where one is chosen. */
    movable(code) {
      const of = (edge) => !code || edge.grids.some((grid) => grid.code === code);
      return [...this.corners.values()].filter((corner) => this.inner(corner).some(of));
    }

    /** The corner within reach of a point, or one set on a common border there, or null. */
    find(point, reach, code) {
      const { far, nearest } = planner.shapes;
      let best = null;
      for (const corner of this.movable(code)) {
        const distance = far(corner.at, point);
        if (distance <= (best ? best.distance : reach)) best = { distance, corner };
      }
      if (best) return best.corner;
      for (const edge of this.edges) {
        if (edge.grids.length !== 2 || (code && !edge.grids.some((grid) => grid.code === code))) continue;
        edge.points.slice(1).forEach((to, i) => {
          const [x, y] = nearest(point, edge.points[i], to);
          const distance = far([x, y], point);
          if (distance <= (best ? best.distance : reach)) best = { distance, edge, at: [x, y], place: i + 1 };
        });
      }
      return best && this.between(best);
    }

    /** A new corner on an edge. */
    between({ edge, at, place }) {
      const made = { key: keyOf(at), at, edges: [] };
      made.edges = [
        { a: edge.a, b: made, points: [...edge.points.slice(0, place), at], grids: edge.grids },
        { a: made, b: edge.b, points: [at, ...edge.points.slice(place)], grids: edge.grids },
      ];
      return made;
    }

    /** Where a corner goes that is moved to a point: one on the border of the whole stays on it. */
    goal(corner, point) {
      if (!corner.edges.some((edge) => edge.grids.length === 1)) return point;
      const { nearest, far } = planner.shapes;
      let best = { distance: Infinity, at: corner.at };
      for (const edge of this.edges) {
        if (edge.grids.length !== 1) continue;
        const [x, y] = nearest(point, edge.a.at, edge.b.at);
        const distance = far([x, y], point);
        if (distance < best.distance) best = { distance, at: [x, y] };
      }
      return best.at;
    }

    /** What changes hands: [{to: grid, ring}], one ring for each grid that gains. */
    swept(corner, goal) {
      const gains = new Map();
      for (const edge of this.inner(corner)) {
        const way = edge.b === corner ? edge.points : [...edge.points].reverse(); // towards the corner
        if (Math.abs(planner.shapes.areaOf([way[0], corner.at, goal])) < LEAST_M2) continue;
        const giver = this.beside(edge, way[0], corner.at, goal);
        const to = giver && edge.grids.find((grid) => grid !== giver);
        if (to) gains.set(to, [...(gains.get(to) || []), way]);
      }
      return [...gains].flatMap(([to, ways]) => (ways.length === 2
        ? [{ to, ring: [...ways[0], ...[...ways[1]].reverse().slice(1), goal] }]
        : ways.map((way) => ({ to, ring: [...way, goal] }))));
    }

    /** The grid of an edge that lies on the side of a point. */
    beside(edge, from, to, point) {
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dy);
      const side = Math.sign(dx * (point[1] - from[1]) - dy * (point[0] - from[0]));
      const off = [-dy / length * side * OFF_M, dx / length * side * OFF_M];
      const spot = [(from[0] + to[0]) / 2 + off[0], (from[1] + to[1]) / 2 + off[1]];
      return edge.grids.find((grid) => planner.shapes.holds(grid.rings, spot));
    }
  }

  planner.Mesh = Mesh;
})();
