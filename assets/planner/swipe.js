// Today on the left of a bar, the draft on its right; the bar is dragged, moved by the arrow keys, or by clicks on its words.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const STEP = 0.02;
  const CLICK = 0.1;
  const [WORDS_PX, GRIP_PX] = [14, 28]; // half the height of the words beside the bar, and how far off it they begin
  const WAYS = { ArrowLeft: -STEP, ArrowRight: STEP, PageDown: -5 * STEP, PageUp: 5 * STEP };

  class Swipe {
    constructor(map, host) {
      this.map = map;
      this.share = 0.5;
      const { texts, make } = planner;
      this.bar = host.appendChild(make("div", {
        class: "plan-swipe", role: "slider", tabindex: "0", hidden: true, "aria-label": texts.get("map_swipe"),
        "aria-valuemin": 0, "aria-valuemax": 100, "aria-orientation": "horizontal",
        pointerdown: (event) => this.grab(event), pointermove: (event) => this.drag(event), keydown: (event) => this.key(event),
        pointerup: () => this.drop(),
      }, make("span", { "data-way": -CLICK }, texts.get("map_today")), make("i", null, "⇔"), make("span", { "data-way": CLICK }, texts.get("map_draft"))));
    }

    x() {
      return this.share * this.map.view.width;
    }

    show(on) {
      this.bar.hidden = !on;
      this.words = [...this.bar.querySelectorAll("span")].map((word) => word.offsetWidth);
      this.to(this.share);
    }

    /** How far from the bar its words reach at some height of the map. */
    reach(y, high, before) {
      const beside = Math.abs(y - this.map.view.height / 2) < high / 2 + WORDS_PX;
      return beside ? GRIP_PX + this.words[before ? 0 : 1] : 0;
    }

    to(share) {
      this.share = Math.min(0.98, Math.max(0.02, share));
      this.bar.style.left = `${this.share * 100}%`;
      this.bar.setAttribute("aria-valuenow", String(Math.round(this.share * 100)));
      for (const cards of [this.map.cards, this.map.before]) cards.beside(this.bar.hidden ? 0 : this.share);
      this.map.repaint("fills", "lines");
    }

    grab(event) {
      event.stopPropagation();
      this.clicked = Number(event.target.dataset.way || 0);
      this.bar.setPointerCapture(event.pointerId);
    }

    drag(event) {
      if (!this.bar.hasPointerCapture(event.pointerId) || (!event.movementX && this.clicked)) return;
      this.clicked = 0;
      const { left, width } = this.map.host.getBoundingClientRect();
      this.to((event.clientX - left) / width);
    }

    /** A click on a word moves the bar towards it. */
    drop() {
      if (this.clicked) this.to(this.share + this.clicked);
      this.clicked = 0;
    }

    key(event) {
      const way = WAYS[event.key];
      if (!way) return;
      this.to(this.share + way);
      event.preventDefault();
      event.stopPropagation();
    }
  }

  planner.Swipe = Swipe;
})();
