// Cards on the map: name and value of each grid; they never cover each other, the less important ones stay away.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const AIR = 4;
  const FAR = [0.9, 0.5, 1.6]; // of a card's size: how far one may move to find room
  const LARGER = 0.8; // of a card: so much of its grid's size is enough
  const WAYS = [[0, 0], [0, -1], [0, 1], [-1, 0], [1, 0], [-1, -1], [1, -1], [-1, 1], [1, 1]];
  const OVERLAYS = ".plan-place, .plan-legend, .plan-zoom, .plan-scale, .plan-options, .plan-told";

  function meet(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  /** The sign of what is over its limit: the diamond of level II. */
  function diamond() {
    const shape = planner.drawn("path", { d: "M8 1L15 8L8 15L1 8Z", fill: "var(--a2)", stroke: "var(--mark-line)", "stroke-width": "1.5" });
    return planner.drawn("svg", { class: "plan-over", viewBox: "0 0 16 16", role: "img", "aria-label": planner.texts.get("map_over") }, shape);
  }

  class Cards {
    /** before: of today's grids, which are seen only on the left of a swipe. */
    constructor(map, host, before = false) {
      Object.assign(this, { map, before, share: 0 });
      this.host = host.appendChild(document.createElement("div"));
      this.host.className = "plan-cards-on-map";
      this.list = [];
    }

    /** Make the cards of a state anew; those that say the same stay. */
    set(grids, measure) {
      const before = new Map(this.list.map((card) => [card.key, card]));
      this.list = grids.map((grid) => {
        const key = [grid.code, grid.name, grid[measure], measure, grid.over, grid.new, grid.locked].join("|");
        const card = before.get(key) || { key, element: this.make(grid, measure) };
        before.delete(key);
        return Object.assign(card, { grid });
      });
      for (const { element } of before.values()) element.remove();
      this.size(this.list.filter((card) => !card.sizes));
      this.settle();
    }

    /** How large new cards are, with and without their names; all at once, for each look makes the page be laid out. */
    size(cards) {
      for (const { element } of cards) this.host.appendChild(element);
      const sizes = [false, true].map((short) => {
        for (const { element } of cards) element.classList.toggle("short", short);
        return cards.map(({ element }) => [element.offsetWidth, element.offsetHeight]);
      });
      cards.forEach((card, i) => { card.sizes = [sizes[0][i], sizes[1][i]]; });
    }

    make(grid, measure) {
      const { make, texts } = planner;
      const value = planner.figure(grid, measure);
      const name = grid.new ? texts.get("map_new", { name: grid.name }) : grid.name;
      const words = texts.get(`map_value_${measure}`, { n: "\u0000" }).split("\u0000");
      const line = make("span", null, make("span", { class: "unit" }, words[0]), make("b", null, value), make("span", { class: "unit" }, words[1]));
      if (!Number.isFinite(grid[measure])) return make("div", { class: "plan-tag" }, make("b", { class: "name" }, name)); // not known of today
      return make("div", { class: "plan-tag" + (grid.over ? " over" : "") },
        make("b", { class: "name" }, name, grid.locked ? make("i", { class: "icon icon-lock" }) : null),
        make("span", { class: "value" }, grid.over ? diamond() : null, line));
    }

    /** The chosen one first, then those over the limit, new ones, the fullest. */
    ranked() {
      const { desk } = this.map;
      const rank = ({ grid }) => (grid.code === desk.selected ? 0 : grid.over ? 1 : grid.new ? 2 : 3);
      return [...this.list].sort((a, b) => rank(a) - rank(b) || b.grid.households - a.grid.households);
    }

    /** What of the map is covered by what lies over it. */
    covered() {
      const origin = this.host.getBoundingClientRect();
      const boxes = [];
      for (const element of document.querySelectorAll(OVERLAYS)) {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        if (right > left) boxes.push([left - origin.left, top - origin.top, right - origin.left, bottom - origin.top]);
      }
      return boxes;
    }

    /** Find a place for each card that has room, then for the names of roads. */
    settle() {
      const taken = this.covered();
      for (const card of this.ranked()) {
        card.shift = this.free(card, taken);
        card.element.classList.toggle("away", !card.shift);
      }
      this.place();
      if (!this.before) this.avoid();
    }

    /** Whether a card of this size is not much larger than its grid on the screen. */
    fits(grid, [wide, high]) {
      const [left, top, right, bottom] = grid.box;
      const { scale } = this.map.view;
      return (right - left) * scale > wide * LARGER && (bottom - top) * scale > high * LARGER;
    }

    /** With its name (0) or without (1): what is tried in turn. Small grids have no card, unless they matter. */
    forms({ grid, sizes }) {
      if (grid.code === this.map.desk.selected || grid.new || this.fits(grid, sizes[0])) return [0, 1];
      return grid.over || this.fits(grid, sizes[1]) ? [1] : [];
    }

    /** Where a card has room, in the first of its forms that has; or null. */
    free(card, taken) {
      for (const form of this.forms(card)) {
        const shift = this.room(card.grid, card.sizes[form], taken);
        if (!shift) continue;
        card.size = card.sizes[form];
        card.element.classList.toggle("short", form === 1);
        return shift;
      }
      return null;
    }

    /** The first shift at which a card of this size meets nothing and lies on its grid, or null. */
    room(grid, [wide, high], taken) {
      const { view } = this.map;
      const [x, y] = view.screen(grid.label);
      for (const far of FAR) {
        for (const [dx, dy] of WAYS) {
          const shift = [dx * wide * far, dy * high * far];
          const [cx, cy] = [x + shift[0], y + shift[1]];
          if ((dx || dy) && !planner.shapes.holds(grid.rings, view.plane([cx, cy]))) continue;
          const box = [cx - wide / 2 - AIR, cy - high / 2 - AIR, cx + wide / 2 + AIR, cy + high / 2 + AIR];
          if (box[0] < 0 || box[1] < 0 || box[2] > view.width || box[3] > view.height) continue;
          if (taken.some((other) => meet(box, other))) continue;
          taken.push(box);
          return shift;
        }
      }
      return null;
    }

    /** Where the bar of a swipe is, as a share of the width; 0 = there is none. */
    beside(share) {
      this.share = share;
      this.place();
    }

    /** How far a card must go to lie on its side of the bar, still on its grid; null where it cannot. */
    beyond(grid, [x, y], [wide, high]) {
      if (!this.share) return this.before ? null : 0;
      const { view, swipe } = this.map;
      const bar = view.width * this.share;
      const air = AIR + swipe.reach(y, high, this.before);
      const more = this.before ? Math.min(0, bar - air - x - wide / 2) : Math.max(0, bar + air - x + wide / 2);
      return !more || planner.shapes.holds(grid.rings, view.plane([x + more, y])) ? more : null;
    }

    place() {
      const { view } = this.map;
      for (const { element, grid, shift, size } of this.list) {
        if (!shift) continue;
        const [x, y] = view.screen(grid.label);
        const middle = [x + shift[0], y + shift[1]];
        const more = this.beyond(grid, middle, size);
        element.classList.toggle("behind", more === null);
        const [left, top] = [middle[0] + (more || 0) - size[0] / 2, middle[1] - size[1] / 2].map(Math.round);
        element.style.transform = `translate(${left}px,${top}px)`;
      }
    }

    /** Where cards are, in pixels. */
    boxes() {
      const { view } = this.map;
      return this.list.filter((card) => card.shift).map(({ grid, shift, size }) => {
        const [x, y] = view.screen(grid.label);
        return [x + shift[0] - size[0] / 2, y + shift[1] - size[1] / 2, x + shift[0] + size[0] / 2, y + shift[1] + size[1] / 2];
      });
    }

    /** Names of roads go round the cards. */
    avoid() {
      const { before, ground } = this.map;
      ground.name([...this.boxes(), ...before.boxes(), ...this.covered()]);
    }
  }

  planner.Cards = Cards;
})();
