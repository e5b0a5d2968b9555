// The readout that floats beside the pointer: what a stroke would do, why it was refused, the ways out.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const [BESIDE, BELOW] = [18, 26]; // pixels from the pointer
  const EDGE = 8;

  class Tip {
    constructor(map) {
      this.map = map;
      this.element = document.getElementById("plan-hint");
      this.element.setAttribute("role", "status");
      this.key = "";
      this.held = false; // it has buttons: it stays until one is pressed, or something else is done
    }

    /** lines: lists of texts, of which {strong} stands out; buttons: {text, act}; at: a point in metres. */
    show({ lines, buttons = [], at, tone = "" }) {
      const key = JSON.stringify([lines, buttons.map((button) => button.text), tone]);
      if (key !== this.key) this.fill(lines, buttons, tone);
      this.key = key;
      this.held = buttons.length > 0;
      this.element.hidden = false;
      this.at = at;
      this.place();
    }

    fill(lines, buttons, tone) {
      const { make } = planner;
      const said = lines.map((line) => make("p", null, line.map((part) => (part.strong === undefined ? part : make("b", null, part.strong)))));
      const ways = buttons.map(({ text, act }) => make("button", { type: "button", class: "button", click: () => {
        this.hide();
        act();
      } }, text));
      this.element.dataset.tone = tone;
      this.element.replaceChildren(...said, ...(ways.length ? [make("div", { class: "ways" }, ways)] : []));
    }

    /** Beside its point, inside of the map. */
    place() {
      if (this.element.hidden || !this.at) return;
      const { view } = this.map;
      const [x, y] = view.screen(this.at);
      const { offsetWidth, offsetHeight } = this.element;
      const left = x + BESIDE + offsetWidth + EDGE > view.width ? x - BESIDE - offsetWidth : x + BESIDE;
      const top = y + BELOW + offsetHeight + EDGE > view.height ? y - BELOW - offsetHeight : y + BELOW;
      const inside = (value, most) => Math.round(Math.min(Math.max(EDGE, value), Math.max(EDGE, most - EDGE)));
      this.element.style.transform =
        `translate(${inside(left, view.width - offsetWidth)}px,${inside(top, view.height - offsetHeight)}px)`;
    }

    /** For whoever works by keyboard: the first way out. */
    focus() {
      this.element.querySelector("button").focus();
    }

    hide() {
      if (this.element.contains(document.activeElement)) this.map.host.focus({ preventScroll: true });
      this.element.hidden = true;
      this.key = "";
      this.held = false;
    }
  }

  planner.Tip = Tip;
})();
