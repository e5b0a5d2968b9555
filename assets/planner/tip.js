// The readout that floats beside the pointer: what a stroke would do, why it was refused, the ways out.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const [BESIDE, BELOW] = [18, 26]; // pixels from the pointer
  const EDGE = 8;
  const POINT = 1e6;

  class Tip {
    constructor(map) {
      this.map = map;
      this.element = document.getElementById("plan-hint");
      this.element.setAttribute("role", "status");
      this.key = "";
      this.drawn = [];
      this.held = false; // it has buttons: it stays until one is pressed, or something else is done
    }

    /** lines: lists of texts, of which {strong} stands out; buttons: {text, act}; at: a point in metres; drawn: the
     *  points of what is being drawn, which stays in sight. */
    show({ lines, buttons = [], at, tone = "", drawn = [] }) {
      const key = JSON.stringify([lines, buttons.map((button) => button.text), tone]);
      if (key !== this.key) this.fill(lines, buttons, tone);
      this.key = key;
      this.held = buttons.length > 0;
      this.element.hidden = false;
      this.follow(at, drawn);
    }

    /** The same beside another point, while it is shown. */
    follow(at, drawn) {
      Object.assign(this, { at, drawn });
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

    /** Beside its point, inside of the map, and off what is being drawn: of four places the first that hides least. */
    place() {
      if (this.element.hidden || !this.at) return;
      const { view } = this.map;
      const [x, y] = view.screen(this.at);
      const { offsetWidth: wide, offsetHeight: high } = this.element;
      const inside = (value, most) => Math.round(Math.min(Math.max(EDGE, value), Math.max(EDGE, most - EDGE)));
      const spots = [y + BELOW, y - BELOW - high].flatMap((top) =>
        [x + BESIDE, x - BESIDE - wide].map((left) => [inside(left, view.width - wide), inside(top, view.height - high)]));
      const line = this.drawn.map((point) => view.screen(point));
      const hidden = spots.map(([left, top]) => this.hides([left - EDGE, top - EDGE, left + wide + EDGE, top + high + EDGE], [x, y], line));
      const [left, top] = spots[hidden.indexOf(Math.min(...hidden))];
      this.element.style.transform = `translate(${left}px,${top}px)`;
    }

    /** How many pixels of a line a box hides; its own point counts for more than any line. */
    hides(box, point, line) {
      const { far, near, within } = planner.shapes;
      const hidden = line.slice(1).reduce((sum, to, i) => sum + far(line[i], to) * within(box, line[i], to), 0);
      return hidden + (near(box, point, 0) ? POINT : 0);
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
