// What part of the plane is on the screen: a middle in metres and how many pixels a metre is.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const [FARTHEST, NEAREST] = [0.02, 12]; // pixels per metre
  const STEP = 1.5; // of a button
  const FLIGHT_MS = 350;
  const PAD = { left: 40, right: 40, top: 104, bottom: 112 }; // bars lie over the top, the legend over the bottom
  const AIR = 26; // between the legend and the bottom, and above it

  class View {
    constructor(host, changed) {
      this.host = host;
      this.changed = changed;
      this.x = 0;
      this.y = 0;
      this.scale = 1;
      this.measure();
    }

    /** The size of the host, which a hidden page does not have. */
    measure() {
      this.width = this.host.clientWidth || 1;
      this.height = this.host.clientHeight || 1;
    }

    /** Screen pixels of metres. */
    screen([x, y]) {
      return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2];
    }

    /** Metres of screen pixels. */
    plane([sx, sy]) {
      return [(sx - this.width / 2) / this.scale + this.x, (sy - this.height / 2) / this.scale + this.y];
    }

    /** Let metres be the units of a context. */
    enter(context, ratio) {
      const scale = this.scale * ratio;
      const [left, top] = this.screen([0, 0]);
      context.setTransform(scale, 0, 0, scale, left * ratio, top * ratio);
    }

    look(x, y, scale) {
      this.x = x;
      this.y = y;
      this.scale = Math.min(NEAREST, Math.max(FARTHEST, scale));
      this.changed();
    }

    pan(dx, dy) {
      this.stop();
      this.look(this.x - dx / this.scale, this.y - dy / this.scale, this.scale);
    }

    /** Nearer by a factor, keeping what lies under a pixel there. */
    zoom(factor, at) {
      this.stop();
      const [sx, sy] = at || [this.width / 2, this.height / 2];
      const [x, y] = this.plane([sx, sy]);
      const scale = Math.min(NEAREST, Math.max(FARTHEST, this.scale * factor));
      this.look(x - (sx - this.width / 2) / scale, y - (sy - this.height / 2) / scale, scale);
    }

    step(nearer) {
      const scale = this.scale * (nearer ? STEP : 1 / STEP);
      this.fly(this.x, this.y, scale);
    }

    /** Where a box is seen whole. */
    aim([left, top, right, bottom], pad = this.pads()) {
      const wide = Math.max(40, this.width - pad.left - pad.right);
      const high = Math.max(40, this.height - pad.top - pad.bottom);
      const scale = Math.min(wide / Math.max(1, right - left), high / Math.max(1, bottom - top));
      const x = (left + right) / 2 + (pad.right - pad.left) / 2 / scale;
      const y = (top + bottom) / 2 + (pad.bottom - pad.top) / 2 / scale;
      return [x, y, scale];
    }

    /** What lies over the map; the legend is as high as its words need. */
    pads() {
      const legend = document.querySelector("#plan-map .plan-legend");
      return { ...PAD, bottom: Math.max(PAD.bottom, (legend ? legend.offsetHeight : 0) + AIR) };
    }

    fit(box) {
      this.stop();
      this.look(...this.aim(box));
    }

    /** Go there in a moment; at once where motion is not wanted. */
    fly(x, y, scale) {
      this.stop();
      if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
        this.look(x, y, scale);
        return;
      }
      const from = [this.x, this.y, Math.log(this.scale)];
      const goal = [x, y, Math.log(Math.min(NEAREST, Math.max(FARTHEST, scale)))];
      const began = performance.now();
      const step = (now) => {
        const share = Math.min(1, Math.max(0, (now - began) / FLIGHT_MS));
        const eased = share * share * (3 - 2 * share);
        const [nx, ny, log] = from.map((value, i) => value + (goal[i] - value) * eased);
        this.flight = share < 1 ? requestAnimationFrame(step) : null;
        this.look(nx, ny, Math.exp(log));
      };
      this.flight = requestAnimationFrame(step);
    }

    stop() {
      if (this.flight) cancelAnimationFrame(this.flight);
      this.flight = null;
    }

    /** Keep a point on the screen, as where the keyboard walks. */
    show(point, room = 60) {
      const [sx, sy] = this.screen(point);
      const dx = sx < room ? room - sx : Math.min(0, this.width - room - sx);
      const dy = sy < room ? room - sy : Math.min(0, this.height - room - sy);
      if (dx || dy) this.pan(dx, dy);
    }
  }

  planner.View = View;
})();
