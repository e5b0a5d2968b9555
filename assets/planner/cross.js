// The keyboard's pointer: a cross that arrow keys move, and a field into which coordinates or metres are typed.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const [STEP_PX, FINE_PX] = [12, 2];
  const ARM_PX = 14;
  const TWO = /^([+-]?\d+(?:\.\d+)?)[\s,，;]+([+-]?\d+(?:\.\d+)?)$/;
  const LABELS = /[XYNE经纬度东北°:：]+|(?<=\d)\s*(?:m|米)\b/giu; // as the bar below writes them
  const LABELLED = /[XYNE经纬°]/iu;
  const NUMBER = /^[+-]?(?:\d{1,3}(?:\s\d{3})+|\d+)(?:\.\d+)?$/u;
  const ROUNDS = 8; // of coming nearer to metres of a zone

  /** Degrees of metres of a zone: those whose metres they are, found from a place near by. */
  function degrees(plane, [east, north], zone) {
    let at = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [x, y] = planner.status.gauss(...plane.to(...at), zone);
      at = [at[0] + east - x, at[1] - (north - y)];
    }
    return at;
  }

  /** The two numbers of a text, also as the bar below the map writes them: "X 3 379 760.0  Y 496 150.5 m". */
  function pair(text) {
    const plain = TWO.exec(text);
    if (plain) return [plain[1], plain[2]];
    if (!LABELLED.test(text)) return null;
    const parts = text.split(LABELS).map((part) => part.replace(/^[\s,，;]+|[\s,，;m米]+$/gu, "")).filter(Boolean);
    return parts.length === 2 && parts.every((part) => NUMBER.test(part)) ? parts.map((part) => part.replace(/\s/gu, "")) : null;
  }

  /** The point that a text means: "+20 -5" metres east and north of another one, degrees, or metres of the zone. */
  function meant(text, { plane, from, zone }) {
    const found = pair(text.trim());
    if (!found) return null;
    const [a, b] = found.map(Number);
    if (found.some((part) => /^[+-]/.test(part))) return from && [from[0] + a, from[1] - b];
    if (a <= 180 && b <= 90) return plane.from(a, b);
    if (a <= 90 && b <= 180) return plane.from(b, a); // latitude first
    if (!zone) return null;
    const swapped = Math.abs(a - zone.easting) > Math.abs(b - zone.easting); // north stands first in China
    return degrees(plane, swapped ? [b, a] : [a, b], zone);
  }

  class Cross {
    constructor(tools) {
      Object.assign(this, { tools, map: tools.map, at: null, shown: false });
      this.field = planner.make("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": planner.texts.get("tool_type") });
      this.how = planner.make("small", { role: "status" });
      this.form = planner.make("form", { class: "plan-entry", hidden: true, submit: (event) => this.typed(event) },
        planner.make("label", null, planner.texts.get("tool_type"), this.field), this.how);
      this.field.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.close();
        event.stopPropagation();
      });
      this.map.host.parentElement.appendChild(this.form);
    }

    hide() {
      if (!this.shown) return;
      this.shown = false;
      this.map.repaint("tool");
    }

    /** Where the cross is, as a pointer would be. */
    point() {
      return { at: this.at, screen: this.map.view.screen(this.at) };
    }

    to(at) {
      this.at = at;
      this.shown = true;
      this.map.view.show(at);
      this.tools.seen(this.point());
      this.tools.tool.hover(this.point());
      this.map.repaint("tool");
    }

    /** Where it begins: at the pointer, or in the middle of what is seen. */
    start() {
      const { view } = this.map;
      const [x, y] = this.at && this.shown ? view.screen(this.at) : this.tools.last ? view.screen(this.tools.last) : [-1, -1];
      const inside = x >= 0 && y >= 0 && x <= view.width && y <= view.height;
      return inside ? [x, y] : [view.width / 2, view.height / 2];
    }

    walk([dx, dy], fine) {
      const step = fine ? FINE_PX : STEP_PX;
      const [x, y] = this.start();
      this.to(this.map.view.plane([x + dx * step, y + dy * step]));
    }

    /** The next grid, or the one before; false after the last and before the first, where Tab leaves the map. */
    next(back) {
      const { tools: { tool, desk, all }, map: { grids } } = this;
      const kept = tool.keeps ? tool.keeps() : ""; // a grid that stays chosen while others are looked at
      const list = grids.list.filter((grid) => grid.code !== kept);
      const under = kept && this.shown ? grids.at(this.at) : null;
      const here = kept ? under && under.code : desk.selected;
      const at = list.findIndex((grid) => grid.code === here);
      const grid = list[back ? at - 1 : at + 1];
      if (!grid) return false;
      if (!kept) desk.select(grid.code);
      this.to(grid.label);
      if (!kept) planner.gestures.select.prototype.hover.call(all.select, this.point());
      return true;
    }

    open(begin) {
      this.form.hidden = false;
      this.field.value = begin;
      this.field.removeAttribute("aria-invalid");
      this.how.textContent = planner.texts.get("tool_type_how");
      this.field.focus();
    }

    close() {
      this.form.hidden = true;
      this.map.host.focus({ preventScroll: true });
    }

    /** Click where was typed. */
    typed(event) {
      event.preventDefault();
      const from = this.tools.tool.reference() || (this.shown ? this.at : null);
      const at = meant(this.field.value, { plane: this.map.plane, from, zone: this.tools.desk.state.plan.zone });
      if (!at) {
        this.field.setAttribute("aria-invalid", "true");
        this.how.textContent = planner.texts.get("tool_type_wrong");
        return;
      }
      this.close();
      this.to(at);
      this.tools.click(this.point());
    }

    paint(context) {
      if (!this.shown) return;
      const { view, ratio, colours } = this.map;
      const [x, y] = view.screen(this.at);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      for (const [colour, width] of [["map-halo", 5], ["t1", 2]]) {
        context.strokeStyle = colours.get(colour);
        context.lineWidth = width;
        context.beginPath();
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
          context.moveTo(x + dx * 4, y + dy * 4);
          context.lineTo(x + dx * ARM_PX, y + dy * ARM_PX);
        }
        context.stroke();
      }
    }
  }

  planner.Cross = Cross;
  planner.meant = meant;
})();
