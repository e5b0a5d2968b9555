// The grids of a state as the map needs them: paths in metres, classes, what lies where, who is whose neighbour.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});

  /** One path of rings in metres. */
  function pathOf(rings) {
    const path = new Path2D();
    for (const ring of rings) {
      ring.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
      path.closePath();
    }
    return path;
  }

  /** The borders of shapes that touch, each stretch once: dashes drawn twice would close each other. */
  function bordersOf(shapes) {
    const path = new Path2D();
    const drawn = new Set();
    for (const ring of shapes.flatMap(({ rings }) => rings)) {
      let last = null;
      ring.forEach((from, i) => {
        const to = ring[(i + 1) % ring.length];
        const key = [String(from), String(to)].sort().join(" ");
        if (drawn.has(key)) return;
        drawn.add(key);
        if (last !== from) path.moveTo(...from);
        path.lineTo(...to);
        last = to;
      });
    }
    return path;
  }

  /** A shape with rings in metres, their path and box. */
  function shapeOf(plane, rings) {
    const metres = rings.map((ring) => plane.line(ring));
    return { rings: metres, path: pathOf(metres), box: planner.shapes.boxOf(metres.flat()) };
  }

  /** The first shape of a list that holds a point, or null. */
  function under(list, point) {
    const { near, holds } = planner.shapes;
    return list.find((shape) => near(shape.box, point, 0) && holds(shape.rings, point)) || null;
  }

  /** A name without the place's own at its beginning. */
  function shortened(name, within) {
    const rest = name.startsWith(within) ? name.slice(within.length).trim() : "";
    return rest || name;
  }

  class Grids {
    constructor() {
      this.list = [];
      this.today = [];
      this.todayLines = { path: new Path2D() };
      this.atoms = [];
      this.houses = [];
    }

    /** Take over the static land. */
    ground(plane, land) {
      this.plane = plane;
      this.landGround = land.ground;
      this.atoms = land.atoms.map((atom, i) => ({ ...shapeOf(plane, atom.rings), id: atom.id, row: i, community: atom.community }));
      this.houses = land.buildings.map((house) => ({ ...house, at: plane.from(house.lon, house.lat) }));
      this.houses.sort((a, b) => b.households - a.households); // small ones are drawn above
      this.atomOf = new Map(this.atoms.map((atom) => [atom.id, atom]));
    }

    /** Take over a state. */
    set(state) {
      const within = state.plan.scope.name; // a community's grids need not repeat its name
      this.list = state.grids.map((grid, row) => ({
        ...grid, ...shapeOf(this.plane, grid.rings), row, label: this.plane.from(...grid.label), name: shortened(grid.name, within),
      }));
      this.byCode = new Map(this.list.map((grid) => [grid.code, grid]));
      this.owner = state.plan.ground === this.landGround ? state.owner : null; // else of other atoms
      this.present(state);
    }

    /** Today's grids, which change only with the place. */
    present(state) {
      const key = `${state.plan.id} ${state.plan.scope.code} ${state.today.map((grid) => grid.code)}`;
      if (key === this.presentKey && this.presentPlane === this.plane) return;
      Object.assign(this, { presentKey: key, presentPlane: this.plane });
      const within = state.plan.scope.name;
      this.today = state.today.map((grid) => ({
        ...grid, ...shapeOf(this.plane, grid.rings), label: this.plane.from(...grid.label), name: shortened(grid.name, within),
      }));
      this.todayLines = { path: bordersOf(this.today) };
      this.counted = false;
    }

    /** Today's grids with their households, counted from the buildings in them when first asked for. */
    todayCounted(limit) {
      if (!this.counted) this.count();
      for (const grid of this.today) grid.over = !grid.special && limit > 0 && grid.households > limit;
      return this.today;
    }

    count() {
      for (const grid of this.today) grid.households = 0;
      for (const house of this.houses) {
        const grid = under(this.today, house.at);
        if (grid) grid.households += house.households;
      }
      this.counted = true;
    }

    at(point) {
      return under(this.list, point);
    }

    atomAt(point) {
      return under(this.atoms, point);
    }

    /** Code of the grid that has an atom, or "". */
    ownerOf(atom) {
      const grid = this.owner && this.list[this.owner[atom.row]];
      return grid ? grid.code : "";
    }

    /** The building whose dot is nearest, within so many metres; or null. */
    houseAt(point, metres) {
      let best = null;
      for (const house of this.houses) {
        const distance = planner.shapes.far(house.at, point);
        if (distance <= (best ? best.distance : metres)) best = { house, distance };
      }
      return best && best.house;
    }

    /** Atoms that come within so many metres of a point. */
    atomsNear(point, metres) {
      const { near, holds, nearest, far } = planner.shapes;
      const touches = (atom) => atom.rings.some((ring) => ring.some((corner, i) =>
        far(nearest(point, corner, ring[(i + 1) % ring.length]), point) <= metres));
      return this.atoms.filter((atom) => near(atom.box, point, metres) && (holds(atom.rings, point) || touches(atom)));
    }

    /** The box of everything, or of one grid. */
    box(code) {
      const chosen = code ? [this.byCode.get(code)].filter(Boolean) : this.list;
      const shapes = chosen.length ? chosen : this.atoms;
      const corners = shapes.flatMap(({ box }) => [[box[0], box[1]], [box[2], box[3]]]);
      return corners.length ? planner.shapes.boxOf(corners) : null;
    }
  }

  /** A figure of a grid with as many decimals as every other of its measure; "—" where it is not known. */
  planner.figure = (grid, measure) => {
    const places = measure === "cases_week" ? 1 : 0;
    const form = { minimumFractionDigits: places, maximumFractionDigits: places };
    return Number.isFinite(grid[measure]) ? grid[measure].toLocaleString("en-US", form) : "—";
  };

  planner.Grids = Grids;
  planner.pathOf = pathOf;
})();
