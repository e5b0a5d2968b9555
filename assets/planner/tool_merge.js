// 合并: two clicks, first on the grid whose code stays, then on its neighbour.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});

  class Merge extends planner.Gesture {
    hover(point) {
      const { grids } = this.map;
      const [first, second] = [grids.byCode.get(this.desk.selected), grids.at(point.at)];
      this.over = second && second !== first ? second : null;
      this.map.repaint("tool");
      if (!this.over) {
        if (!this.tip.held) this.tip.hide();
        return;
      }
      const n = (value) => (value || 0).toLocaleString("en-US");
      const lines = first ? [
        [this.say("merge_what"), " ", { strong: `${first.name} ${n(first.households)}` }, " + ", { strong: `${second.name} ${n(second.households)}` },
          " → ", { strong: n(first.households + second.households) }, ` ${this.say("households")}`],
        [this.say("merge_stays", { grid: first.name })],
      ] : [[this.say("merge_first", { grid: second.name })]];
      if (!this.tip.held) this.tip.show({ at: point.at, lines });
    }

    click(point) {
      const grid = this.map.grids.at(point.at);
      if (!grid) return;
      if (!this.desk.selected) {
        this.desk.select(grid.code);
        return;
      }
      this.tip.hide();
      this.over = null;
      if (grid.code === this.desk.selected) this.desk.select("");
      else this.tools.do({ do: "merge", survivor: this.desk.selected, other: grid.code });
    }

    /** The grid whose code stays: Tab goes on to those it could be merged with. */
    keeps() {
      return this.desk.selected;
    }

    cancel() {
      const had = Boolean(this.desk.selected);
      this.desk.select("");
      this.over = null;
      super.cancel();
      return had;
    }

    paint(context) {
      if (!this.over) return;
      const { colours } = this.map;
      planner.pens.borders(context, this.map, [this.over], { colour: colours.get("accent"), width: 3, dash: [9, 6] });
    }

    hint() {
      const { selected } = this.desk;
      return selected ? this.say("merge_hint", { grid: this.nameOf(selected) }) : this.say("merge_begin");
    }
  }

  planner.gestures.merge = Merge;
})();
