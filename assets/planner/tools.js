// The tools of the desk: which one is at hand, what pointer and keyboard tell it, what is said when a stroke is refused.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const BUTTONS = "button[data-tool], button[data-do], button[data-zoom], button[data-snap]";
  const EDITING = ["draw", "split", "merge", "node", "transfer"];
  const GOES_ALONG = ["reassign", "carve", "transfer"]; // strokes that may take what would be cut off too

  class Tools {
    constructor(desk, map) {
      Object.assign(this, { desk, map, snap: new planner.Snap(), tip: new planner.Tip(map) });
      this.bar = document.querySelector(".plan-options");
      this.cross = new planner.Cross(this);
      this.all = {};
      for (const [name, Kind] of Object.entries(planner.gestures)) this.all[name] = new Kind(this);
      map.tool = { paint: (context) => this.paint(context), moved: () => this.tip.place() };
      this.hands = new planner.Hands(map, this);
      this.listen();
      this.choose("select");
    }

    listen() {
      const { desk } = this;
      document.addEventListener("click", (event) => this.pressed(event));
      document.addEventListener("change", (event) => this.compare(event.target));
      desk.on("land", (land) => this.snap.ground(this.map.plane, land.lines));
      desk.on("state", () => {
        this.snap.set(this.map.grids.list);
        this.closed();
        this.refresh();
        queueMicrotask(() => this.told()); // once the panels are painted
      });
      desk.on("selected", () => this.refresh());
      desk.on("place", () => this.choose("select"));
      desk.on("refused", (refusal) => this.refused(refusal));
      desk.on("busy", ({ waiting }) => { this.map.host.dataset.busy = waiting ? "1" : ""; });
    }

    /** What is handed in is looked at only. */
    closed() {
      const { editable } = this.desk;
      for (const name of EDITING) {
        const button = document.querySelector(`#plan-tools [data-tool=${name}]`);
        if (button) button.setAttribute("aria-disabled", String(!editable));
      }
      if (!editable && EDITING.includes(this.name)) this.choose("select");
    }

    /** Take a tool; the one at hand again where it has two ways. */
    choose(name) {
      if (EDITING.includes(name) && !this.desk.editable) return;
      const same = this.name === name;
      if (same && this.tool.again) this.tool.again();
      if (!same) {
        if (this.tool) this.tool.leave();
        this.tip.hide();
        this.name = name;
        this.tool = this.all[name];
        this.tool.enter();
        this.map.host.dataset.tool = name;
        for (const button of document.querySelectorAll("#plan-tools [data-tool]")) {
          button.setAttribute("aria-pressed", String(button.dataset.tool === name));
        }
        this.desk.tell("tool", { tool: name });
      }
      this.refresh();
      this.map.repaint("tool", "lines");
    }

    /** The line above the map: what to do next, and the choices of the tool. */
    refresh() {
      if (!this.tool || !this.map.grids.byCode) return;
      const { make } = planner;
      const hint = this.tool.hint();
      const options = this.tool.options();
      const key = JSON.stringify([hint, options.map(({ key: name, text, pressed }) => [name, text, pressed])]);
      if (key === this.shown) return;
      this.shown = key;
      const focused = this.bar.contains(document.activeElement) && document.activeElement.dataset.key;
      const button = ({ key: name, text, name: label, pressed }) => make("button", {
        type: "button", "data-key": name, "aria-label": label, "aria-pressed": pressed === undefined ? null : String(pressed),
        click: () => this.press(name),
      }, text);
      const buttons = options.map(button);
      this.bar.replaceChildren(make("span", { role: "status" }, hint), buttons.length ? make("span", { class: "ways" }, buttons) : "");
      const again = focused && buttons.find((button) => button.dataset.key === focused);
      if (again) again.focus();
      this.desk.tell("hint", { text: hint });
      this.told();
    }

    /** Do what a button means by now: it stays while another grid is chosen. */
    press(name) {
      const option = this.tool.options().find(({ key }) => key === name);
      if (option) option.act();
    }

    /** Buttons of snapping: on or off, and its tolerance. */
    snapping() {
      const step = (wider) => () => this.tolerance(wider);
      return [
        { key: "snap", text: this.tool.say("snap", { n: this.snap.tolerance }), pressed: this.snap.on, act: () => this.toggle() },
        { key: "snap-", text: "−", name: this.tool.say("narrower"), act: step(false) },
        { key: "snap+", text: "+", name: this.tool.say("wider"), act: step(true) },
      ];
    }

    toggle() {
      this.snap.on = !this.snap.on;
      this.refresh();
      this.told();
    }

    /** Wider or narrower: of a brush, else of snapping. */
    tolerance(wider) {
      if (this.tool.step && this.tool.step(wider)) return;
      this.snap.step(wider);
      this.refresh();
      this.told();
    }

    /** The same in the bar of the place. */
    told() {
      for (const button of document.querySelectorAll("[data-snap]")) button.setAttribute("aria-pressed", String(this.snap.on));
      const text = this.snap.on ? `${this.snap.tolerance} m` : planner.texts.get("tool_off");
      for (const element of document.querySelectorAll("[data-snap-metres]")) element.textContent = text;
    }

    pressed(event) {
      const button = event.target.closest && event.target.closest(BUTTONS);
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const { tool, do: step, zoom } = button.dataset;
      if (button.hasAttribute("data-snap")) this.toggle();
      else if (tool && this.all[tool]) this.choose(tool);
      else if (step === "undo" || step === "redo") this.step(step);
      else if (zoom === "fit") this.map.fit();
      else if (zoom) this.map.view.step(zoom === "in");
    }

    /** How today is shown beside the draft: ghost, swipe or off. */
    compare(element) {
      if (!element.matches || !element.matches("[data-ghosts]")) return;
      this.against(element.value);
    }

    against(way) {
      this.map.against = way;
      this.map.recall();
      this.map.swipe.show(way === "swipe");
      this.map.repaint("fills", "lines");
      for (const select of document.querySelectorAll("[data-ghosts]")) select.value = way;
    }

    step(way) {
      if (!this.desk.editable) return null;
      this.tool.cancel();
      return this.desk[way]();
    }

    /** One stroke; one that is repeated names the land of the first time. */
    do(op, ground) {
      this.tip.hide();
      return this.desk.do(op, "", ground);
    }

    /** Say why not, where it was done, with a way out where there is one. */
    refused({ op, ground, why, text, grids, atoms }) {
      if (!op || !this.map.grids.byCode) return;
      this.map.mark(grids || [], atoms || []);
      const at = this.last || this.map.view.plane([this.map.view.width / 2, this.map.view.height / 2]);
      this.tip.show({ at, tone: "refused", lines: [[{ strong: text }]], buttons: this.ways(op, why.toUpperCase(), grids || [], ground) });
      if (this.cross.shown) this.tip.focus();
    }

    ways(op, why, grids, ground) {
      const say = (key, values) => planner.texts.get(`tool_${key}`, values);
      const ways = [];
      if (why === "CUT_OFF" && GOES_ALONG.includes(op.do)) ways.push({ text: say("take_along"), act: () => this.do({ ...op, with_cut_off: true }, ground) });
      if (why === "LOCKED" && grids.length) ways.push({ text: say("unlock"), act: async () => (await this.do({ do: "unlock", grids })) && this.do(op, ground) });
      if (why === "CHANGED_MEANWHILE") ways.push({ text: say("do_again"), act: () => this.do(op, ground) });
      // The buildings stay chosen: only the grid is clicked anew.
      if (why === "IN_PIECES" && op.do === "transfer") ways.push({ text: say("choose_other"), act: () => this.map.mark([], []) });
      ways.push({ text: say("leave"), act: () => this.map.mark([], []) });
      return ways;
    }

    /** The pointer is somewhere. */
    hover(point) {
      this.cross.hide();
      this.seen(point);
      this.tool.hover(point);
    }

    seen(point) {
      this.last = point.at;
      const [lon, lat] = this.map.plane.to(...point.at);
      this.desk.tell("cursor", { lon, lat });
    }

    click(point) {
      this.seen(point);
      if (this.tip.held) this.forget();
      this.tool.click(point);
    }

    /** A refusal was read: go on. */
    forget() {
      this.tip.hide();
      this.map.mark([], []);
    }

    grabs(point) {
      return this.tool.grabs(point);
    }

    drag(point) {
      this.seen(point);
      this.tool.drag(point);
    }

    release(point) {
      this.seen(point);
      this.tool.release(point);
    }

    /** Whether something is begun, held, or to be read before going on. */
    begun() {
      return this.tool.begun() || this.tip.held || Boolean(this.hands.press);
    }

    /** Give up what is begun; whether there was something. */
    cancel() {
      const held = this.tip.held;
      if (this.hands.press && this.hands.press.held) this.hands.press = null; // what the hand still drags is given up too
      this.forget();
      return this.tool.cancel() || held;
    }

    left() {
      if (!this.tip.held && this.name === "select") this.tip.hide();
      this.desk.tell("cursor", null);
    }

    paint(context) {
      this.map.host.parentElement.toggleAttribute("data-drawing", this.tool.draws()); // cards make way
      this.tool.paint(context);
      this.cross.paint(context);
    }
  }

  planner.begin((desk) => {
    const host = document.querySelector("#plan-map .plan-canvas");
    desk.map = new planner.PlanMap(desk, host);
    desk.tools = new Tools(desk, desk.map);
    planner.listen(desk.tools);
  });
})();
