// 绘制: what is drawn round, or brushed over, goes to the chosen grid.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const STEP_PX = 3; // between points of a lasso
  const RADII_M = [5, 10, 20, 40, 80];

  class Draw extends planner.Gesture {
    constructor(tools) {
      super(tools);
      this.brush = false;
      this.radius = RADII_M[2];
    }

    clear() {
      super.clear();
      this.free = []; // a lasso while it is dragged, in metres
      this.picked = new Map(); // atoms under the brush, by id
    }

    again() {
      this.brush = !this.brush;
      this.cancel();
      this.tools.refresh();
    }

    hover(point) {
      this.cursor = { at: point.at };
      if (this.points.length > 1 && !this.sending) this.figures(point);
      this.map.repaint("tool");
    }

    /** Whether there is a grid to draw for; without one the click chooses it. */
    target(point) {
      if (this.desk.selected) return true;
      const grid = this.map.grids.at(point.at);
      if (grid) this.desk.select(grid.code);
      return false;
    }

    click(point) {
      if (!this.target(point)) return;
      if (this.brush) {
        this.pick(point);
        this.give();
        return;
      }
      const whole = this.points.length > 2 && this.same(this.points[0].at, point.at);
      if (whole || (this.add(this.snap.find(point.at)) && this.points.length > 2)) this.confirm();
      else this.map.repaint("tool");
    }

    grabs() {
      return Boolean(this.desk.selected) && !this.points.length;
    }

    drag(point) {
      this.cursor = { at: point.at };
      if (this.brush) this.pick(point);
      else {
        const last = this.free[this.free.length - 1];
        if (!last || planner.shapes.far(last, point.at) > this.metres(STEP_PX)) this.free.push(point.at);
      }
      this.figures(point);
      this.map.repaint("tool");
    }

    release() {
      if (this.brush) this.give();
      else if (this.free.length > 3) this.carve(this.smoothed());
      else this.cancel();
    }

    /** Atoms of other grids under the brush. */
    pick(point) {
      for (const atom of this.map.grids.atomsNear(point.at, this.radius)) {
        const owner = this.map.grids.ownerOf(atom);
        if (owner && owner !== this.desk.selected) this.picked.set(atom.id, atom);
      }
    }

    brushed() {
      return { do: "reassign", atoms: [...this.picked.keys()], to: this.desk.selected };
    }

    carved(ring) {
      return { do: "carve", polygon: this.map.plane.earth(ring), to: this.desk.selected };
    }

    /** While it is drawn: what the grid would hold then; a ring that is not closed yet may well be refused. */
    figures(point) {
      const ring = this.free.length ? this.smoothed() : this.snap.traced(this.all());
      if (this.brush ? !this.picked.size : ring.length < 4) return;
      const op = this.brush ? this.brushed() : this.carved(ring);
      this.ask(op, (tried) => (this.brush || !tried.refused) && this.tell(op, tried));
      if (this.tip.element.hidden || this.tip.held) return;
      this.tip.at = point.at;
      this.tip.place();
    }

    tell(op, tried) {
      const { at } = this.cursor;
      const what = { strong: this.say("brush_what", { grid: this.nameOf(op.to) }) };
      if (tried.refused) {
        this.tip.show({ at, tone: "refused", lines: [[what], [tried.refused.text]] });
        return;
      }
      const n = (value) => (value || 0).toLocaleString("en-US");
      const { before, after } = tried.grids.find((grid) => grid.code === op.to) || this.map.grids.byCode.get(op.to);
      this.tip.show({ at, lines: [[what, ` ${n(before)} → `, { strong: n(after) }, ` ${this.say("households")}`]] });
    }

    begun() {
      return this.points.length > 0 || this.free.length > 0 || this.picked.size > 0;
    }

    give() {
      const op = this.brushed();
      if (op.atoms.length) this.send(op);
      else this.map.repaint("tool");
    }

    confirm() {
      const line = this.snap.traced(this.points);
      if (line.length > 2) this.carve(line);
    }

    /** The lasso without the points that a hand adds on the way. */
    smoothed() {
      return planner.shapes.bends(this.free, this.metres(1)).map((place) => this.free[place]);
    }

    carve(ring) {
      this.send(this.carved(ring));
    }

    /** The drawn area stays to be seen until the answer. */
    async send(op) {
      clearTimeout(this.asking);
      this.key = ""; // what was asked on the way is no longer of interest
      this.sending = true;
      this.map.repaint("tool");
      await this.tools.do(op);
      this.sending = false;
      const { cursor } = this;
      this.clear();
      this.cursor = cursor;
      this.map.repaint("tool");
    }

    cancel() {
      const had = this.begun();
      super.cancel();
      return had;
    }

    /** A wider or narrower brush; without one the tolerance of snapping. */
    step(wider) {
      if (!this.brush) return false;
      const at = RADII_M.indexOf(this.radius) + (wider ? 1 : -1);
      this.radius = RADII_M[Math.min(RADII_M.length - 1, Math.max(0, at))];
      this.tools.refresh();
      this.map.repaint("tool");
      return true;
    }

    paint(context) {
      const { view, ratio, colours } = this.map;
      view.enter(context, ratio);
      context.fillStyle = root.map.faded(colours.get("accent"), 0.4);
      for (const atom of this.picked.values()) context.fill(atom.path, "evenodd");
      if (this.brush && this.cursor) {
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        const at = view.screen(this.cursor.at);
        planner.pens.ring(context, at, this.radius * view.scale, colours.get("map-halo"), 4);
        planner.pens.ring(context, at, this.radius * view.scale, colours.get("accent"), 2);
      }
      if (this.brush) return;
      const line = this.free.length ? this.free : this.snap.traced(this.all());
      if (line.length > 2) this.area(context, line);
      if (this.free.length || this.points.length) this.line(context, line, { closed: true, dash: [] });
      for (const each of this.points) this.handle(context, each.at);
    }

    hint() {
      if (!this.desk.selected) return this.say("draw_target");
      const grid = this.nameOf(this.desk.selected);
      return this.brush ? this.say("brush_hint", { grid, n: this.radius }) : this.say("draw_hint", { grid });
    }

    options() {
      const way = (key, brush) => ({
        key, text: this.say(key), pressed: this.brush === brush, act: () => this.brush !== brush && this.again(),
      });
      const sizes = [["−", false], ["+", true]].map(([sign, wider]) =>
        ({ key: `brush ${sign}`, text: sign, name: this.say(wider ? "wider" : "narrower"), act: () => this.step(wider) }));
      return [way("lasso", false), way("brush", true), ...(this.brush ? sizes : this.tools.snapping())];
    }
  }

  planner.gestures.draw = Draw;
})();
