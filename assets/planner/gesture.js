// What all tools of the desk have in common: points that snap, lines and handles on the map, asking what a stroke would do.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const SAME_PX = 4; // nearer to the last point a click means: that was all
  const ASK_MS = 90;
  const HANDLE = 5;

  class Gesture {
    constructor(tools) {
      Object.assign(this, { tools, desk: tools.desk, map: tools.map, snap: tools.snap, tip: tools.tip });
      this.clear();
    }

    /** Begin anew. */
    clear() {
      clearTimeout(this.asking);
      this.points = []; // as `Snap.find` gives them
      this.cursor = null;
      this.tried = null;
      this.key = "";
    }

    enter() {}

    leave() {
      this.clear();
    }

    hover() {}

    click() {}

    /** Whether a drag that begins here is for the tool; else it moves the map. */
    grabs() {
      return false;
    }

    drag() {}

    release() {}

    /** Enter: do what is on the map. */
    confirm() {}

    /** Whether somebody is in the middle of it. */
    begun() {
      return this.points.length > 0;
    }

    /** Whether a line or an area is under way, which what lies over the map must not hide. */
    draws() {
      return this.begun();
    }

    /** Take the last point back; whether there was one. */
    back() {
      if (!this.points.length) return false;
      this.points.pop();
      this.look();
      return true;
    }

    /** Esc: whether there was something to give up. */
    cancel() {
      const had = this.points.length > 0;
      this.clear();
      this.tip.hide();
      this.map.repaint("tool");
      return had;
    }

    look() {
      this.map.repaint("tool");
    }

    paint() {}

    /** What to do next, in one line; and buttons beside it. */
    hint() {
      return "";
    }

    options() {
      return [];
    }

    /** From where typed metres count. */
    reference() {
      const last = this.points[this.points.length - 1];
      return last ? last.at : null;
    }

    say(key, values) {
      return planner.texts.get(`tool_${key}`, values);
    }

    /** The name of a grid; `other` is that of one which is not there yet. */
    nameOf(code, other = code) {
      const grid = this.map.grids.byCode.get(code);
      return grid ? grid.name : other;
    }

    /** A length of the screen in metres. */
    metres(pixels) {
      return pixels / this.map.view.scale;
    }

    same(a, b) {
      return planner.shapes.far(a, b) < this.metres(SAME_PX);
    }

    /** Add a point; true where it is the last one again, which means that the line is whole. */
    add(found) {
      const last = this.points[this.points.length - 1];
      if (last && this.same(last.at, found.at)) return true;
      this.points.push(found);
      return false;
    }

    /** The points with the cursor as the last, where it is elsewhere. */
    all() {
      const last = this.points[this.points.length - 1];
      const open = this.cursor && !(last && this.same(last.at, this.cursor.at));
      return open ? [...this.points, this.cursor] : this.points;
    }

    /** Ask soon what a stroke would do; `heard(tried)` is told unless something else is meant by then. */
    ask(op, heard) {
      const key = JSON.stringify(op);
      if (key === this.key) return;
      this.key = key;
      this.tried = null;
      clearTimeout(this.asking);
      this.asking = setTimeout(async () => {
        const tried = await this.desk.attempt(op);
        if (this.key !== key || !tried) return;
        this.tried = tried;
        heard(tried);
      }, ASK_MS);
    }

    line(context, points, { colour = "accent", width = 2.6, dash = [9, 6], closed = false } = {}) {
      if (points.length < 2) return;
      const { view, ratio, colours } = this.map;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.lineJoin = "round";
      context.beginPath();
      points.forEach((point, i) => (i ? context.lineTo(...view.screen(point)) : context.moveTo(...view.screen(point))));
      if (closed) context.closePath();
      context.setLineDash([]);
      context.strokeStyle = colours.get("map-halo");
      context.lineWidth = width + 3;
      context.stroke();
      context.setLineDash(dash);
      context.strokeStyle = colours.get(colour);
      context.lineWidth = width;
      context.stroke();
      context.setLineDash([]);
    }

    /** Tint an area of points in metres. */
    area(context, points, colour = "accent", share = 0.22) {
      const { view, ratio, colours } = this.map;
      view.enter(context, ratio);
      context.fillStyle = root.map.faded(colours.get(colour), share);
      context.fill(planner.pathOf([points]), "evenodd");
    }

    /** A square for what stands, a circle for what moves. */
    handle(context, at, { round = false, strong = false } = {}) {
      const { view, ratio, colours } = this.map;
      const [x, y] = view.screen(at);
      const size = HANDLE + (strong ? 3 : 0);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.beginPath();
      if (round) context.arc(x, y, size + 2, 0, 2 * Math.PI);
      else context.rect(x - size, y - size, 2 * size, 2 * size);
      context.fillStyle = colours.get("panel");
      context.strokeStyle = colours.get("accent");
      context.lineWidth = 2.2;
      if (!round) context.fill();
      context.stroke();
    }
  }

  planner.Gesture = Gesture;
  planner.gestures = {}; // by the name of the tool
})();
