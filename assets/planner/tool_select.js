// 选择: a click chooses a grid, another one on it looks at it from close by; hovering tells what it has.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const FIGURES = ["households", "people", "buildings", "cases_week"];

  class Select extends planner.Gesture {
    hover(point) {
      const grid = this.map.grids.at(point.at);
      if (!grid) {
        this.tip.hide();
        return;
      }
      const figures = FIGURES.filter((key) => Number.isFinite(grid[key])).map((key) =>
        planner.texts.get(`map_value_${key}`, { n: planner.figure(grid, key) }));
      const special = grid.special ? [[this.say("select_special")]] : [];
      this.tip.show({ at: point.at, lines: [[{ strong: grid.name }], [figures.join(" · ")], ...special] });
    }

    click(point) {
      const grid = this.map.grids.at(point.at);
      const again = grid && grid.code === this.desk.selected;
      this.desk.select(grid ? grid.code : "");
      if (again) this.map.view.fly(...this.map.view.aim(grid.box));
    }

    cancel() {
      const had = Boolean(this.desk.selected);
      this.desk.select("");
      this.tip.hide();
      return had;
    }

    hint() {
      return this.say("select_hint");
    }

    /** What may be done with the chosen grid at once. */
    options() {
      const grid = this.map.grids.byCode.get(this.desk.selected);
      if (!grid || !this.desk.editable) return [];
      const op = { do: grid.locked ? "unlock" : "lock", grids: [grid.code] };
      return [{ key: "lock", text: planner.texts.get(op.do), act: () => this.tools.do(op) }];
    }
  }

  planner.gestures.select = Select;
})();
