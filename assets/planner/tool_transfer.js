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
      if (house) {
        const click = this.say(this.map.chosen.has(house.id) ? "transfer_drops" : "transfer_adds");
        this.tip.show({ at: point.at, lines: [[{ strong: this.called(house) }, ` · ${house.households} ${this.say("households")}`], [click]] });
      }
      else if (grid && this.map.chosen.size) this.tip.show({ at: point.at, lines: [[this.say("transfer_to", { ...this.sum(), grid: grid.name })]] });
      else this.tip.hide();
    }

    called(house) {
      return `${this.say("building")} ${house.name || house.id}`;
    }

    /** What a click chose or left out: who aims at the grid beside a building sees that it was the building. */
    told(house, grid) {
      const name = this.called(house);
      if (!this.map.chosen.has(house.id)) return this.say("transfer_dropped", { name });
      const what = this.say(house.households ? "transfer_added" : "transfer_added_empty", { name, n: house.households });
      const first = this.map.grids.houses.find((each) => this.map.chosen.has(each.id) && each.id !== house.id);
      const home = first && this.map.grids.at(first.at);
      return home && grid && grid.code !== home.code ? what + this.say("transfer_instead", { grid: grid.name }) : what;
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
        planner.panels.tell(this.told(house, grid));
      } else if (grid && this.map.chosen.size) {
        await this.transfer(grid);
      }
    }

    /** Give the chosen buildings to a grid, and say what went. */
    async transfer(grid) {
      const said = this.say("transfer_done", { ...this.sum(), grid: grid.name });
      const done = await this.tools.do({ do: "transfer", buildings: [...this.map.chosen], to: grid.code });
      if (done) {
        this.clear();
        planner.panels.tell(said, "", { text: planner.texts.get("undo"), act: () => this.desk.undo() });
      }
      this.tools.refresh();
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
