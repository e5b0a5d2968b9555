// Mouse, pen and fingers over the map: a press that moves drags the map or what the tool holds, any other one clicks.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const STILL_PX = 4;
  const WHEEL = 320; // of it nearer by a factor of two
  const PINCH = 90; // of a touchpad's pinch, which comes as a wheel

  class Hands {
    constructor(map, tools) {
      Object.assign(this, { map, tools, host: map.host, down: new Map(), press: null });
      const on = (name, heard) => this.host.addEventListener(name, (event) => heard.call(this, event), { passive: false });
      on("pointerdown", this.begin);
      on("pointermove", this.move);
      on("pointerup", this.end);
      on("pointercancel", this.drop);
      on("pointerleave", () => this.press || tools.left());
      on("wheel", this.wheel);
      on("contextmenu", (event) => event.preventDefault());
    }

    /** A pointer's place: in pixels of the map and in metres. */
    point(event) {
      const { left, top } = this.host.getBoundingClientRect();
      const screen = [event.clientX - left, event.clientY - top];
      return { screen, at: this.map.view.plane(screen) };
    }

    begin(event) {
      if (!this.map.plane) return;
      this.host.focus({ preventScroll: true });
      this.host.setPointerCapture(event.pointerId);
      const point = this.point(event);
      this.down.set(event.pointerId, point.screen);
      if (this.down.size > 1) {
        this.drop();
        return;
      }
      this.press = { from: point.screen, last: point.screen, moved: false, button: event.button };
      // Any other button moves the map, whatever the tool.
      this.press.held = event.button === 0 && this.tools.grabs(point);
      event.preventDefault();
    }

    move(event) {
      if (!this.map.plane) return;
      const point = this.point(event);
      if (this.down.size > 1) {
        this.pinch(event.pointerId, point.screen);
        return;
      }
      if (!this.press) {
        this.tools.hover(point);
        return;
      }
      const { press } = this;
      const [dx, dy] = [0, 1].map((axis) => point.screen[axis] - press.last[axis]);
      if (!press.moved && planner.shapes.far(point.screen, press.from) < STILL_PX) return;
      if (!press.moved && press.held) this.tools.drag({ screen: press.from, at: this.map.view.plane(press.from) });
      press.moved = true;
      press.last = point.screen;
      if (press.held) this.tools.drag(point);
      else {
        this.host.dataset.pans = "1";
        this.map.view.pan(dx, dy);
      }
    }

    end(event) {
      this.down.delete(event.pointerId);
      const { press } = this;
      this.press = null;
      delete this.host.dataset.pans;
      if (!press) return;
      const point = this.point(event);
      if (press.moved && press.held) this.tools.release(point);
      else if (!press.moved && press.button === 0) this.tools.click(point);
    }

    drop(event) {
      if (event) this.down.delete(event.pointerId);
      if (this.press && this.press.held && this.press.moved) this.tools.cancel();
      this.press = null;
    }

    /** Two fingers: the map goes with them. */
    pinch(id, screen) {
      const middle = () => {
        const [a, b] = [...this.down.values()];
        return { at: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], apart: Math.max(10, planner.shapes.far(a, b)) };
      };
      const before = middle();
      this.down.set(id, screen);
      const after = middle();
      this.map.view.pan(after.at[0] - before.at[0], after.at[1] - before.at[1]);
      this.map.view.zoom(after.apart / before.apart, after.at);
    }

    wheel(event) {
      event.preventDefault();
      const lines = event.deltaMode ? 33 : 1;
      const factor = Math.pow(2, -event.deltaY * lines / (event.ctrlKey ? PINCH : WHEEL));
      this.map.view.zoom(factor, this.point(event).screen);
      this.tools.hover(this.point(event));
    }
  }

  planner.Hands = Hands;
})();
