// 切分: a line over a grid, snapped to streets and rivers; beside it stands what the two parts would hold.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const PARTS = [2, 3]; // that have a button; any digit does as well
  const FEWEST = 2;
  const UNEVEN = 0.1; // off the mean: more than the server allows for a calmer border
  const LEAST_M = 5; // a shorter line cuts nothing
  const BEYOND_M = 1; // over the border, so that its own line is crossed

  class Split extends planner.Gesture {
    hover(point) {
      this.cursor = this.snap.find(point.at);
      this.look();
    }

    click(point) {
      const found = this.snap.find(point.at);
      this.cursor = null;
      if (this.add(found) && this.points.length > 1) this.confirm();
      else this.look();
    }

    /** What is drawn so far, along what it snaps to. */
    drawn() {
      return this.snap.traced(this.all());
    }

    /** The chosen grid, else the one under the middle of the line. */
    grid(line) {
      const { far, lengthOf, along } = planner.shapes;
      const { grids } = this.map;
      const chosen = grids.byCode.get(this.desk.selected);
      const length = lengthOf(line);
      const inside = [0.5, 0.35, 0.65, 0.2, 0.8].map((share) => grids.at(along(line, length * share)));
      if (chosen && inside.includes(chosen)) return chosen;
      return far(line[0], line[line.length - 1]) < LEAST_M ? null : inside.find(Boolean) || null;
    }

    /** The line a little longer at both ends. */
    longer(line) {
      const out = ([ax, ay], [bx, by]) => {
        const length = Math.hypot(bx - ax, by - ay) || 1;
        return [bx + (bx - ax) / length * BEYOND_M, by + (by - ay) / length * BEYOND_M];
      };
      const last = line.length - 1;
      return [out(line[1], line[0]), ...line, out(line[last - 1], line[last])];
    }

    op() {
      const line = this.drawn();
      if (line.length < 2 || planner.shapes.lengthOf(line) < LEAST_M) return null;
      const grid = this.grid(line);
      return grid && { do: "split_line", grid: grid.code, line: this.map.plane.earth(this.longer(line)) };
    }

    look() {
      this.map.repaint("tool");
      const op = this.op();
      if (!op) {
        this.key = "";
        if (!this.tip.held) this.tip.hide();
        return;
      }
      if (!this.tip.held) this.tip.follow(this.drawn().pop(), this.drawn()); // until there is an answer
      this.ask(op, (tried) => this.tell(op, tried));
      if (this.tried) this.tell(op, this.tried);
    }

    /** What the line snaps to, in words. */
    snapped() {
      const kinds = [...new Set(this.all().filter((each) => each.line).map((each) => each.line.kind))];
      if (!kinds.length) return this.say("snap_none");
      return this.say("snap_along", { kinds: kinds.map((kind) => this.say(`kind_${kind}`)).join(this.say("and")) });
    }

    /** "切分第3网格 1,381 → 973 + 408 户", and what it means. */
    tell(op, tried) {
      const all = this.drawn();
      const at = all[all.length - 1];
      if (tried.refused) {
        this.tip.show({ at, drawn: all, tone: "refused", lines: [[{ strong: this.say("split_what", { grid: this.nameOf(op.grid) }) }], [tried.refused.text]] });
        return;
      }
      const n = (value) => (value || 0).toLocaleString("en-US");
      const whole = tried.grids.find((grid) => grid.code === op.grid) || { before: 0, after: 0 };
      const others = tried.grids.filter((grid) => grid.code !== op.grid && grid.after !== grid.before);
      const sum = [whole, ...others].map((grid) => n(grid.after)).join(" + ");
      const crossed = tried.crosses_buildings ? this.say("crosses", { n: tried.crosses_buildings }) : `✓ ${this.say("crosses_none")}`;
      this.tip.show({ at, drawn: all, lines: [
        [{ strong: this.say("split_what", { grid: this.nameOf(op.grid) }) }, ` ${n(whole.before)} → `, { strong: sum }, ` ${this.say("households")}`],
        [`${this.snapped()} · ${crossed} · ${this.say("enter_or_escape")}`],
      ] });
    }

    async confirm() {
      const op = this.op();
      if (!op || (this.tried && this.tried.refused)) return;
      this.done = this.drawn();
      this.clear();
      this.tip.hide();
      await this.tools.do(op);
      this.done = null;
      this.map.repaint("tool");
    }

    paint(context) {
      const line = this.done || this.drawn();
      this.line(context, line);
      for (const each of this.points) this.handle(context, each.at);
      if (this.cursor) this.handle(context, this.cursor.at, { round: true, strong: Boolean(this.cursor.line) });
    }

    hint() {
      const hint = this.say("split_hint");
      return this.desk.selected ? hint : `${hint}${this.say("split_choose")}`;
    }

    /** The digit of a number of parts. */
    digit(n) {
      if (!this.desk.selected || n < FEWEST) return false;
      this.even(this.desk.selected, n);
      return true;
    }

    /** A chosen grid can also be cut into even parts without a line. */
    options() {
      const grid = this.desk.selected;
      const even = PARTS.map((k) => ({ key: `even ${k}`, text: this.say("split_even", { n: k }), act: () => this.even(grid, k) }));
      return [...(grid ? even : []), ...this.tools.snapping()];
    }

    /** Even parts, and what each of them holds; why, where they are not even. */
    async even(grid, k) {
      const known = new Set(this.desk.state.grids.map((each) => each.code));
      const state = await this.tools.do({ do: "split_k", grid, k });
      if (!state) return;
      const parts = state.grids.filter((each) => each.code === grid || !known.has(each.code)).map((each) => each.households || 0);
      const mean = parts.reduce((sum, each) => sum + each, 0) / parts.length;
      const off = mean ? Math.max(...parts.map((each) => Math.abs(each / mean - 1))) : 0;
      const said = this.say("split_parts", { parts: parts.map((each) => each.toLocaleString("en-US")).join(" + ") });
      const why = off > UNEVEN ? this.say("split_uneven", { n: Math.round(100 * off) }) : "";
      planner.panels.tell(said + why, "", { text: planner.texts.get("undo"), act: () => this.desk.undo() });
    }
  }

  planner.gestures.split = Split;
})();
