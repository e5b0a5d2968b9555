// 测量: lengths of a line on the ground, and the area it would enclose.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const HECTARE = 10000;

  class Measure extends planner.Gesture {
    hover(point) {
      if (this.whole) return;
      this.cursor = this.snap.find(point.at);
      this.look();
    }

    clear() {
      super.clear();
      this.whole = false;
    }

    click(point) {
      if (this.whole) this.clear();
      this.cursor = null;
      this.whole = this.add(this.snap.find(point.at));
      this.look();
    }

    confirm() {
      if (this.cursor) this.add(this.cursor);
      this.cursor = null;
      this.whole = true;
      this.look();
    }

    look() {
      this.map.repaint("tool");
      const line = this.snap.traced(this.all());
      if (line.length < 2) {
        this.tip.hide();
        return;
      }
      const { lengthOf, areaOf } = planner.shapes;
      const last = lengthOf(line.slice(-2));
      const lines = [[{ strong: this.length(lengthOf(line)) }, line.length > 2 ? ` · ${this.say("last", { n: this.length(last) })}` : ""]];
      if (line.length > 2) lines.push([this.say("enclosed", { n: this.extent(Math.abs(areaOf(line))) })]);
      this.tip.show({ at: line[line.length - 1], drawn: line, lines });
    }

    length(metres) {
      return metres < 1000 ? `${metres.toFixed(1)} m` : `${(metres / 1000).toFixed(3)} km`;
    }

    extent(square) {
      if (square < HECTARE) return this.say("square_metres", { n: Math.round(square).toLocaleString("en-US") });
      return this.say("hectares", { n: (square / HECTARE).toFixed(2) });
    }

    paint(context) {
      const line = this.snap.traced(this.all());
      if (line.length > 2) this.area(context, line, "accent", 0.12);
      this.line(context, line, { dash: [] });
      for (const each of this.points) this.handle(context, each.at);
      if (this.cursor) this.handle(context, this.cursor.at, { round: true, strong: Boolean(this.cursor.line) });
    }

    hint() {
      return this.say("measure_hint");
    }

    options() {
      return this.tools.snapping();
    }
  }

  planner.gestures.measure = Measure;
})();
