// 转移: buildings are clicked, then the grid that shall have them.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const REACH_PX = 11;

  class Transfer extends planner.Gesture {
    clear() {
      super.clear();
      this.map.chosen.clear();
      this.map.repaint("fills");
    }

    houseAt(point) {
      return this.map.grids.houseAt(point.at, this.metres(REACH_PX));
    }

    hover(point) {
      const house = this.houseAt(point);
      const grid = this.map.grids.at(point.at);
      if (this.tip.held) return;
      if (house) this.tip.show({ at: point.at, lines: [[{ strong: `${this.say("building")} ${house.name || house.id}` }, ` · ${house.households} ${this.say("households")}`]] });
      else if (grid && this.map.chosen.size) this.tip.show({ at: point.at, lines: [[this.say("transfer_to", { ...this.sum(), grid: grid.name })]] });
      else this.tip.hide();
    }

    /** How many buildings and households are chosen. */
    sum() {
      const chosen = this.map.grids.houses.filter((house) => this.map.chosen.has(house.id));
      return { n: chosen.length, households: chosen.reduce((sum, house) => sum + house.households, 0).toLocaleString("en-US") };
    }

    async click(point) {
      const house = this.houseAt(point);
      const grid = this.map.grids.at(point.at);
      if (house) {
        if (!this.map.chosen.delete(house.id)) this.map.chosen.add(house.id);
        this.map.repaint("fills");
        this.tools.refresh();
      } else if (grid && this.map.chosen.size) {
        const done = await this.tools.do({ do: "transfer", buildings: [...this.map.chosen], to: grid.code });
        if (done) this.clear();
        this.tools.refresh();
      }
    }

    begun() {
      return this.map.chosen.size > 0;
    }

    draws() {
      return false;
    }

    back() {
      const last = [...this.map.chosen].pop();
      this.map.chosen.delete(last);
      this.map.repaint("fills");
      this.tools.refresh();
      return last !== undefined;
    }

    cancel() {
      const had = this.map.chosen.size > 0;
      super.cancel();
      this.tools.refresh();
      return had;
    }

    hint() {
      return this.map.chosen.size ? this.say("transfer_hint", this.sum()) : this.say("transfer_begin");
    }
  }

  planner.gestures.transfer = Transfer;
})();
