// The wall: asks one state, paints it in place, and goes on for years. It runs only on its own page.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const PATH = /\/wall\/?$/;
  const SLOTS = ["head", "figures", "trend", "map", "alerts", "departments", "focus"];
  const HEAD = ["when", "title", "state"];
  const TURN = ["departments", "trend"]; // what a wall with little room shows one after the other …
  const TURN_S = 20; // … for so long
  const ASK_EVERY_MS = 500;
  const WAIT_MOST_MS = 3000;
  const BUILD_MS = 20000; // until which the page must have been built
  const TINT_MS = 1000;
  if (!PATH.test(window.location.pathname)) return;

  const page = document.documentElement;
  page.dataset.screen = "wall";

  /** The address of the state: language, theme and the rest as the page was opened. */
  function address() {
    const asked = new URLSearchParams(window.location.search);
    const own = new URLSearchParams();
    for (const name of ["lang", "theme", "at", "replay"]) if (asked.get(name)) own.set(name, asked.get(name));
    const query = own.toString();
    return "/wall/state" + (query ? "?" + query : "");
  }

  class Wall {
    constructor(asking) {
      this.asking = asking;
      this.host = null;
      this.ground = new wall.Ground();
      this.trees = new Map(); // by panel: element, and the text of what it shows
      this.seen = false;
    }

    /** The page is there: slots, plan, the strip, and what time does. */
    begin(host) {
      this.host = host;
      this.fills = new wall.Fills(host, this.asking);
      for (const name of SLOTS) {
        const slot = host.querySelector(`[data-wall="${name}"]`);
        slot.classList.add("wall-slot");
        const tree = document.createElement("div");
        tree.className = "wall-tree";
        slot.appendChild(tree);
        this.trees.set(name, { slot, tree, text: "" });
      }
      const strip = document.createElement("div");
      Object.assign(strip, { id: "wall-strip", hidden: true });
      strip.setAttribute("role", "alert");
      host.appendChild(strip);
      this.sizes = new ResizeObserver(() => this.arrange());
      this.sizes.observe(page);
      this.beat();
      if (this.asking.state) this.show(this.asking.state);
    }

    /** Once a second, on the second of the server. */
    beat() {
      if (this.asking.stopped) return;
      const rest = 1000 - ((this.asking.now() * 1000) % 1000);
      this.timer = setTimeout(() => {
        this.tick();
        this.beat();
      }, rest + 5);
    }

    tick() {
      this.fills.show();
      if (!this.asking.state || !this.plan) return;
      this.turn();
      wall.shift(this.host, this.asking.now());
    }

    rest() {
      this.asking.stop();
      clearTimeout(this.timer);
      this.sizes.disconnect();
      root.map.scenes.forEach((scene) => scene.leaflet.remove());
      this.host.remove();
    }

    /** Sizes and places, from calibration and canvas. */
    arrange() {
      const { state } = this.asking;
      if (!state || !this.host) return;
      const plan = wall.plan(state.calibration, window.innerWidth, window.innerHeight);
      this.plan = plan;
      this.sized = window.innerWidth;
      this.host.style.setProperty("--base", plan.least + "px");
      this.host.style.setProperty("--em", plan.em + "px");
      this.host.style.fontSize = plan.em + "px";
      Object.assign(this.host.dataset, { density: plan.density, shape: plan.shape, small: plan.small ? "1" : "0" });
      for (const [name, { slot }] of this.trees) if (name !== "head") this.put(slot, plan.boxes.get(name));
      this.put(this.host.querySelector(".wall-ground"), plan.boxes.get("map"));
      this.put(this.host.querySelector("#wall-strip"), plan.boxes.get("head-title"));
      this.putHead();
      const card = plan.boxes.get("focus");
      const corner = { right: window.innerWidth - card.right + "px", bottom: window.innerHeight - card.bottom + "px" };
      const map = plan.boxes.get("map"); // which the card of a small one may fill, but not leave
      const most = map.right - map.left - 2 * (map.right - card.right) + "px";
      Object.assign(this.trees.get("focus").slot.style, corner, { maxWidth: most });
      this.turn();
      this.ground.size(plan);
      this.ground.show(state);
      this.fitAll();
    }

    put(element, box) {
      element.classList.toggle("wall-away", !box);
      if (!box) return;
      const sizes = { left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top };
      for (const side of Object.keys(sizes)) element.style[side] = sizes[side] + "px";
    }

    putHead() {
      for (const name of HEAD) {
        const part = this.host.querySelector(".wall-" + name);
        if (part) this.put(part, this.plan.boxes.get("head-" + name));
      }
    }

    /** On a wall with little room panels take turns, by the server's clock: on two walls the same. */
    turn() {
      if (this.plan.density !== "sparse" || this.plan.boxes.has("trend")) return;
      const box = this.plan.boxes.get("departments");
      const turn = TURN[Math.floor(this.asking.now() / TURN_S) % TURN.length];
      if (this.turned === turn + JSON.stringify(box)) return;
      this.turned = turn + JSON.stringify(box);
      for (const name of TURN) this.put(this.trees.get(name).slot, name === turn ? box : null);
      for (const name of TURN) wall.fit(this.trees.get(name).tree, name);
    }

    fitAll() {
      for (const [name, { tree }] of this.trees) wall.fit(tree, name);
    }

    /** Take over a state. */
    show(state) {
      if (!this.host) return;
      if (state === this.painted) { // not modified
        wall.renewal.consider(this.asking);
        return;
      }
      this.painted = state;
      this.look(state);
      if (!this.plan || this.calibrated !== JSON.stringify(state.calibration)) {
        this.calibrated = JSON.stringify(state.calibration);
        this.arrange();
      }
      for (const name of SLOTS) this.paint(name, state.panels[name]);
      this.ground.show(state);
      this.tick();
      wall.renewal.consider(this.asking);
      if (!this.seen) this.first();
    }

    look({ look }) {
      const asked = new URLSearchParams(window.location.search);
      const put = (name, value) => page.dataset[name] !== value && (page.dataset[name] = value);
      put("theme", asked.get("theme") || look.theme || "dark");
      put("dim", look.dim ? "1" : "0");
      put("frozen", look.frozen ? "1" : "0");
      this.fills.language = page.lang.slice(0, 2) === "en" ? "en" : "zh";
    }

    /** Paint one panel, if it says something else than before. */
    paint(name, panel) {
      const known = this.trees.get(name);
      const text = JSON.stringify(panel ? panel.tree : []);
      if (known.text === text) return;
      known.text = text;
      wall.patch(known.tree, panel ? panel.tree : [], this.seen ? tint : null);
      known.slot.classList.toggle("wall-empty", !panel || !panel.tree.length);
      if (name === "head") this.putHead();
      this.fills.show();
      wall.fit(known.tree, name);
    }

    /** The first picture: what stood there meanwhile goes, and who waits below is told. */
    first() {
      this.seen = true;
      const opening = document.getElementById("opening");
      if (opening) opening.remove();
      const done = () => {
        const [scene] = root.map.scenes;
        if (!scene || !scene.stage.shown) return setTimeout(done, 50);
        page.dataset.wallShown = "1";
        return wall.renewal.shown(() => this.rest());
      };
      done();
    }
  }

  /** A figure that has changed shows it for a second. */
  function tint(element) {
    if (!wall.moves() || !element.closest(".number")) return;
    element.animate([{ color: "var(--accent)" }, {}], TINT_MS);
  }

  /** The host, once Dash has built it; where it does not, the page is asked for anew. */
  function wait(done) {
    const began = performance.now();
    const look = () => {
      const host = document.getElementById("wall");
      if (host && host.querySelector(".wall-ground .leaflet-container")) done(host);
      else if (performance.now() - began < BUILD_MS) setTimeout(look, 20);
      else fetch("/version").then((answer) => (answer.ok ? window.location.reload() : again()), again);
    };
    const again = () => setTimeout(() => wait(done), 1000);
    look();
  }

  /** As long as nothing was ever shown: that it is being made, or that nobody answers. */
  function open() {
    const opening = document.getElementById("opening");
    const word = opening && opening.querySelector(".opening-word");
    if (!word) return;
    opening.dataset.soon = opening.dataset.soon || word.textContent;
    word.textContent = opening.dataset[asking.refused || asking.lost() >= root.ages.AMBER_S ? "none" : "soon"];
  }

  const asking = new root.Asking({
    address,
    everyMs: ASK_EVERY_MS,
    waitMostMs: WAIT_MOST_MS,
    heard: (state) => it.show(state),
    missed: () => (asking.state ? it.fills && it.fills.show() : open()),
  });
  const it = new Wall(asking);
  wall.listen(asking);
  wait((host) => it.begin(host));
  asking.ask();

  /** For whoever watches over the wall: when it was last heard of, and whether it shows. */
  wall.alive = () => {
    const above = wall.renewal.frame();
    if (above) return above.contentWindow.yiping.wall.alive();
    return { shown: it.seen, lost: asking.lost(), build: page.dataset.build, now: asking.now() };
  };
  wall.asking = asking;
  wall.it = it;
})();
