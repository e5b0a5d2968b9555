// The map of the desk: layers of canvas over the base map, painted anew whenever view, state or tool changes.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const PAINTERS = { fills: "paintFills", lines: "paintLines", tool: "paintTool" }; // by layer, from below
  const LAYERS = Object.keys(PAINTERS);
  const CALM_MS = 140; // after which cards find their places anew
  const FLASHES = 3;
  const FLASH_MS = 700;
  const NEAR = 1.1; // pixels per metre at which a spot is looked at
  const SCALE_PX = 110;
  const PIXEL_M = 0.0254 / 96;

  class PlanMap {
    constructor(desk, host) {
      this.desk = desk;
      this.host = host;
      this.ratio = window.devicePixelRatio || 1;
      this.colours = new root.map.Colours(host);
      this.view = new planner.View(host, () => this.moved());
      this.grids = new planner.Grids();
      this.ground = new planner.Ground(host, this.view, this.colours, () => this.cards.avoid());
      this.layers = {};
      for (const name of LAYERS) {
        const canvas = host.appendChild(document.createElement("canvas"));
        canvas.className = `plan-layer plan-layer-${name}`;
        this.layers[name] = canvas.getContext("2d");
        if (name === "lines") host.appendChild(this.ground.names);
      }
      this.cards = new planner.Cards(this, host);
      this.before = new planner.Cards(this, host, true); // of today's grids, on the left of the swipe
      this.against = "ghost"; // how today is shown: ghost, swipe or off
      this.swipe = new planner.Swipe(this, host);
      this.chosen = new Set(); // ids of buildings
      this.marked = { grids: [], atoms: [] }; // what a refusal names
      this.tool = null;
      this.dirty = new Set();
      this.listen();
    }

    listen() {
      const { desk } = this;
      desk.on("land", (land) => this.setLand(land));
      desk.on("state", (state) => this.setState(state));
      desk.on("selected", () => this.repaint("lines", "tool"));
      desk.on("measure", () => this.restate());
      desk.on("base", () => this.plane && this.ground.set(this.plane, desk.host.dataset.snapshot));
      desk.on("locate", (where) => this.locate(where));
      desk.on("place", () => { this.fitted = false; });
      desk.on("hint", () => this.soon()); // the bar above may have other lines now
      this.colours.watch(() => {
        this.repaint(...LAYERS);
        this.ground.settle();
      });
      new ResizeObserver(() => this.resize()).observe(this.host);
    }

    setLand(land) {
      const before = this.plane;
      const box = String(land.box);
      if (!before || this.landBox !== box) this.plane = new planner.Plane(land.box);
      this.landBox = box;
      this.grids.ground(this.plane, land);
      if (this.plane !== before) this.ground.set(this.plane, this.desk.host.dataset.snapshot);
      if (this.desk.state && this.fitted) this.setState(this.desk.state);
    }

    setState(state) {
      if (!this.plane) return;
      const began = performance.now();
      this.grids.set(state);
      this.marked = { grids: [], atoms: [] };
      if (!this.fitted) this.fit();
      this.restate();
      this.paint();
      this.host.dataset.paintMs = String(Math.round(performance.now() - began));
      this.host.dataset.painted = String(Number(this.host.dataset.painted || 0) + 1);
    }

    /** Values or their classes have changed. */
    restate() {
      this.cards.set(this.grids.list, this.desk.measure);
      this.recall();
      this.repaint(...LAYERS);
    }

    /** Cards of today's grids, where they are seen. */
    recall() {
      const seen = this.against === "swipe" && this.grids.byCode;
      this.before.set(seen ? this.grids.todayCounted(this.desk.state.plan.limit_households) : [], this.desk.measure);
    }

    fit() {
      const box = this.grids.box("");
      if (!box) return;
      this.fitted = true;
      this.view.measure();
      this.view.fit(box);
    }

    resize() {
      const { clientWidth, clientHeight } = this.host;
      if (clientWidth === this.view.width && clientHeight === this.view.height) return;
      this.view.measure();
      this.moved();
    }

    moved() {
      this.ground.follow();
      this.cards.place();
      this.before.place();
      this.repaint(...LAYERS);
      this.measureScale();
      this.soon();
      if (this.tool && this.tool.moved) this.tool.moved();
    }

    /** Settle the cards once nothing moves any more. */
    soon() {
      clearTimeout(this.calm);
      this.calm = setTimeout(() => {
        if (!this.plane) return;
        this.before.settle();
        this.cards.settle();
      }, CALM_MS);
    }

    /** Paint some layers before the next frame. */
    repaint(...names) {
      for (const name of names) this.dirty.add(name);
      if (!this.coming) this.coming = requestAnimationFrame(() => this.paint());
    }

    /** Paint what is due, at once. */
    paint() {
      cancelAnimationFrame(this.coming);
      this.coming = null;
      for (const name of this.dirty) this[PAINTERS[name]](this.clear(this.layers[name]));
      this.dirty.clear();
    }

    clear(context) {
      const { canvas } = context;
      const [width, height] = [this.view.width, this.view.height].map((size) => Math.round(size * this.ratio));
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      return context;
    }

    /** One side of the swipe, or everything where today is not compared so. */
    sides(context, left, right) {
      if (this.against !== "swipe") {
        right();
        return;
      }
      const at = Math.round(this.swipe.x() * this.ratio);
      const { width, height } = context.canvas;
      for (const [draw, from, wide] of [[left, 0, at], [right, at, width - at]]) {
        context.save();
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.beginPath();
        context.rect(from, 0, wide, height);
        context.clip();
        draw();
        context.restore();
      }
    }

    paintFills(context) {
      const { pens } = planner;
      const { classes } = this.desk;
      pens.veil(context, this);
      const today = () => pens.fills(context, this, this.grids.todayCounted(this.desk.state.plan.limit_households), classes);
      this.sides(context, today, () => pens.fills(context, this, this.grids.list, classes));
      pens.dots(context, this, this.chosen);
    }

    paintLines(context) {
      const { pens } = planner;
      const today = () => pens.ghost(context, this);
      this.sides(context, today, () => {
        if (this.against === "ghost") today();
        pens.draft(context, this, this.desk.selected);
      });
      this.refused(context);
    }

    /** What a refusal names: its grids outlined, its atoms hatched. */
    refused(context) {
      const colour = this.colours.get("t1");
      const grids = this.grids.list.filter((grid) => this.marked.grids.includes(grid.code));
      planner.pens.borders(context, this, grids, { colour, width: 4, dash: [10, 5] });
      const pattern = planner.pens.crossed(context, colour, this.ratio);
      for (const atom of this.grids.atoms) {
        if (this.marked.atoms.includes(atom.id)) planner.pens.patterned(context, this.view, this.ratio, atom.path, pattern);
      }
    }

    paintTool(context) {
      if (this.tool && this.tool.paint) this.tool.paint(context);
    }

    mark(grids, atoms) {
      this.marked = { grids, atoms };
      this.repaint("lines");
    }

    /** Look at a spot that a check names, and ring it. */
    locate({ grid, lon, lat }) {
      const shape = this.grids.byCode && this.grids.byCode.get(grid);
      const at = Number.isFinite(lon) ? this.plane.from(lon, lat) : shape && shape.label;
      if (!at) return;
      this.view.fly(...at, Math.max(this.view.scale, Math.min(NEAR, shape ? this.view.aim(shape.box)[2] : NEAR)));
      this.flash(at);
    }

    /** Rings that go three times round a spot. */
    flash(at) {
      const sign = this.host.appendChild(planner.make("div", { class: "plan-flash" }));
      const place = () => {
        const [x, y] = this.view.screen(at);
        sign.style.transform = `translate(${x}px,${y}px)`;
      };
      const until = performance.now() + FLASHES * FLASH_MS;
      const step = (now) => {
        place();
        if (now < until) requestAnimationFrame(step);
        else sign.remove();
      };
      step(performance.now());
    }

    /** A round length of about a hundred pixels, as text and as the bar's width. */
    measureScale() {
      const least = SCALE_PX / this.view.scale;
      const power = Math.pow(10, Math.floor(Math.log10(least)));
      const metres = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least * 0.7) || 10 * power;
      const bar = document.querySelector(".plan-scale");
      if (bar) {
        bar.textContent = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
        bar.style.width = `${Math.round(metres * this.view.scale)}px`;
      }
      const metresPerPixel = 1 / this.view.scale;
      this.desk.tell("view", { metresPerPixel, scale: metresPerPixel / PIXEL_M });
    }
  }

  planner.PlanMap = PlanMap;
})();
