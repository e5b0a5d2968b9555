// 节点: a corner that grids share is moved for all of them; what lies between the old border and the new changes hands.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const NOTHING = ["nothing_inside", "too_small"]; // why a sliver is refused
  const REACH_PX = 10;
  const APART_PX = 9; // corners nearer to each other are shown as one

  class Node extends planner.Gesture {
    clear() {
      super.clear();
      this.corner = null; // the chosen one …
      this.goal = null; // … and where it would go
      this.over = null;
      this.mesh = null;
    }

    net() {
      if (!this.mesh || this.mesh.grids !== this.map.grids.list) this.mesh = new planner.Mesh(this.map.grids.list);
      return this.mesh;
    }

    find(point) {
      return this.net().find(point.at, this.metres(REACH_PX), this.desk.selected);
    }

    hover(point) {
      if (this.corner) this.aim(point);
      else {
        const over = this.find(point);
        if ((over && over.key) !== (this.over && this.over.key)) this.map.repaint("tool");
        this.over = over;
      }
    }

    grabs(point) {
      this.held = this.corner || this.find(point);
      return Boolean(this.held) && !this.corner;
    }

    drag(point) {
      this.corner = this.held;
      this.aim(point);
    }

    release() {
      this.confirm();
    }

    begun() {
      return Boolean(this.corner);
    }

    /** First the corner, then where it shall be. */
    click(point) {
      if (!this.corner) {
        this.corner = this.find(point);
        this.over = null;
      } else {
        this.aim(point);
        this.confirm();
      }
      this.tools.refresh();
      this.map.repaint("tool");
    }

    /** Show what moving it there would do. */
    aim(point) {
      const wanted = this.snap.find(point.at).at;
      this.goal = this.net().goal(this.corner, wanted);
      this.map.repaint("tool");
      const [first] = this.ops();
      if (first) this.ask(first, (tried) => this.tell(tried));
      else this.tip.hide();
    }

    swept() {
      return this.corner && this.goal ? this.net().swept(this.corner, this.goal) : [];
    }

    ops() {
      return this.swept().map(({ to, ring }) => ({ do: "carve", polygon: this.map.plane.earth(ring), to: to.code }));
    }

    tell(tried) {
      if (!this.corner) return;
      const moved = planner.shapes.far(this.corner.at, this.goal);
      const head = [{ strong: this.say("node_what", { n: moved.toFixed(1) }) }];
      const n = (value) => (value || 0).toLocaleString("en-US");
      const changes = (tried.grids || []).filter((grid) => grid.before !== grid.after)
        .map((grid) => `${this.nameOf(grid.code, grid.name)} ${n(grid.before)} → ${n(grid.after)}`).join(" · ");
      const line = tried.refused ? tried.refused.text : changes || this.say("node_same");
      this.tip.show({ at: this.goal, tone: tried.refused ? "refused" : "", lines: [head, [line]] });
    }

    /** Where several grids meet, without the slivers that hold nothing; all of them where nothing else is left. */
    async worthwhile(ops) {
      if (ops.length < 2) return ops;
      const kept = [];
      this.desk.busy(1);
      for (const op of ops) {
        const tried = await this.desk.attempt(op);
        if (!tried || !tried.refused || !NOTHING.includes(tried.refused.why)) kept.push(op);
      }
      this.desk.busy(-1);
      return kept.length ? kept : ops.slice(0, 1);
    }

    async confirm() {
      const ops = this.ops();
      const done = this.swept();
      const at = this.goal;
      this.clear();
      this.tip.hide();
      if (!ops.length && at) this.tip.show({ at, lines: [[this.say("node_stays")]] });
      this.tools.refresh();
      this.done = done;
      for (const op of await this.worthwhile(ops)) if (!(await this.tools.do(op))) break;
      this.done = null;
      this.map.repaint("tool");
    }

    cancel() {
      const had = Boolean(this.corner);
      this.clear();
      this.tip.hide();
      this.tools.refresh();
      this.map.repaint("tool");
      return had;
    }

    back() {
      return this.cancel();
    }

    reference() {
      return this.corner && this.corner.at;
    }

    /** Corners as squares, where they are not too close. */
    paint(context) {
      if (!this.map.grids.byCode) return;
      const { view } = this.map;
      const taken = new Set();
      for (const corner of this.net().movable(this.desk.selected)) {
        const [x, y] = view.screen(corner.at);
        const cell = `${Math.round(x / APART_PX)},${Math.round(y / APART_PX)}`;
        if (taken.has(cell) || x < 0 || y < 0 || x > view.width || y > view.height) continue;
        taken.add(cell);
        this.small(context, x, y);
      }
      for (const { ring } of this.done || this.swept()) this.area(context, ring, "accent", 0.35);
      const chosen = this.corner || this.over;
      if (chosen) this.handle(context, chosen.at, { strong: Boolean(this.corner) });
      if (this.corner && this.goal) {
        for (const edge of this.net().inner(this.corner)) {
          this.line(context, [(edge.a === this.corner ? edge.b : edge.a).at, this.goal]);
        }
        this.handle(context, this.goal, { round: true });
      }
    }

    small(context, x, y) {
      const { ratio, colours } = this.map;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = colours.get("panel");
      context.strokeStyle = colours.get("t1");
      context.lineWidth = 1.4;
      context.fillRect(x - 3, y - 3, 6, 6);
      context.strokeRect(x - 3, y - 3, 6, 6);
    }

    hint() {
      return this.say(this.corner ? "node_hint" : "node_begin");
    }

    options() {
      return this.tools.snapping();
    }
  }

  planner.gestures.node = Node;
})();
