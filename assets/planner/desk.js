// The desk of a plan: its state, what is asked of the server, undo, the address; whoever paints listens here.
//
// yiping.planner.desk, once the page is there:
//   state, land           as the server gave them last; selected: code of a grid or ""; measure: what fills are of
//   do(op, reason, ground)   one stroke → Promise<State|null>; null where it was refused ("refused" tells why)
//   attempt(op)           what a stroke would do → Promise<Tried|null>; a later one takes its place
//   undo(), redo()        → Promise<State|null>
//   job({kind, …})        → Promise<id>; "job" tells how far it is; stop(id), take(id, key)
//   at(code)              another place; select(code), measured(key), classes → {key, breaks, labels}
//   locate({grid, lon, lat})   look there; ask(path, body?) → Promise<json> of /api/plans/<id>/<path>
//   on(name, fn)          "state" "land" "place" "selected" "measure" "refused" "busy" "lost" "found" "job" "locate"
//                         "tool" {tool} "cursor" {lon, lat} "view" {scale: of 1:scale, metresPerPixel}
//                         "done" {path, state}, "looked": every half minute, "base": the city was published anew
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const JOB_MS = 700;
  const MEASURES = ["households", "people", "buildings", "cases_week", "load"];
  const CLASSES = 5;

  /** Limits between classes of some numbers: round ones, about equally many below each. */
  function breaksOf(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const power = Math.pow(10, Math.max(0, Math.floor(Math.log10(sorted[sorted.length - 1] || 1)) - 1));
    const limits = Array.from({ length: CLASSES - 1 }, (_, i) =>
      Math.round(sorted[Math.floor(sorted.length * (i + 1) / CLASSES)] / power) * power);
    return [...new Set(limits)];
  }

  class Desk {
    constructor(host) {
      this.host = host;
      this.id = host.dataset.plan;
      this.wire = new planner.Wire(this.id, host.dataset.lang || "zh", (tries) => this.tell(tries ? "lost" : "found", { tries }));
      this.listeners = new Map();
      this.queue = Promise.resolve(); // strokes go one after the other, in order
      this.waiting = 0;
      this.busy(0);
      this.state = null;
      this.land = null;
      this.asked = null; // the look at a stroke that is under way
      this.read();
      window.addEventListener("popstate", () => this.back());
      window.addEventListener("beforeunload", (event) => this.waiting && event.preventDefault());
      this.watch = new planner.Watch(this);
    }

    on(name, listener) {
      this.listeners.set(name, [...(this.listeners.get(name) || []), listener]);
    }

    tell(name, detail) {
      for (const listener of this.listeners.get(name) || []) listener(detail);
    }

    /** One answer of the plan's own addresses; POST where there is a body. */
    ask(path, body, signal) {
      return this.wire.ask(path, body, signal);
    }

    /** State and land of the place; again whenever either may have changed. */
    async load() {
      const place = this.place;
      const at = `?at=${encodeURIComponent(place)}`;
      try {
        const [state, land] = await Promise.all([this.wire.insist("state" + at), this.wire.insist("land" + at)]);
        if (place !== this.place) return; // gone on meanwhile
        this.land = land;
        this.tell("land", land);
        this.show(state);
        this.write(false); // a reload comes back to this place, wherever the worst grid is then
        this.resume(place);
      } catch (error) {
        this.refuse(error, null);
      }
    }

    /** Take over a state; the land too where another one is needed. */
    show(state) {
      this.state = state;
      if (this.selected && !state.grids.some((grid) => grid.code === this.selected)) this.select("");
      this.tell("state", state);
      this.based(state.plan.live);
      if (planner.panels) planner.panels.paint(state, this);
      if (this.land && this.land.ground !== state.plan.ground) this.renew();
    }

    /** The base map of the city that is live by now; tiles of an older one are not handed out. */
    based(live) {
      if (!live || live === this.host.dataset.snapshot) return;
      this.host.dataset.snapshot = live;
      this.tell("base");
    }

    get editable() {
      return !this.state || this.state.plan.editable !== false;
    }

    /** The land after atoms were cut. */
    async renew() {
      const place = this.place;
      const land = await this.wire.insist(`land?at=${encodeURIComponent(place)}`).catch(() => null);
      if (!land || place !== this.place) return;
      this.land = land;
      this.tell("land", land);
    }

    /** Put a change behind those that wait; sent twice, it is done once. said: whoever asks tells the refusal. */
    change(path, more, op, said = false) {
      this.busy(1);
      const began = performance.now();
      const done = this.queue.then(async () => {
        const place = this.place;
        try {
          const state = await this.wire.insist(path, { seen: this.state.plan.head, at: place, ...more });
          if (place === this.place) this.show(state);
          this.tell("done", { path, state });
          this.host.dataset.strokeMs = String(Math.round(performance.now() - began));
          return state;
        } catch (error) {
          await this.refuse(error, op || null, more.ground, said);
          if (said) throw error;
          return null;
        } finally {
          this.busy(-1);
        }
      });
      this.queue = done.catch(() => null);
      return done;
    }

    busy(step) {
      this.waiting += step;
      this.host.dataset.busy = String(this.waiting);
      this.tell("busy", { waiting: this.waiting });
    }

    /** Tell what was refused; where others were quicker, show first what they did. */
    async refuse(error, op, ground, said = false) {
      if (!(error instanceof planner.Refused)) console.error(error);
      const answer = error.answer || { why: "", text: String(error.message), grids: [], atoms: [] };
      if (error.status === 409 && this.state) {
        const state = await this.wire.insist(`state?at=${encodeURIComponent(this.place)}`).catch(() => null);
        if (state) this.show(state);
      }
      if (!said) this.tell("refused", { op, ground, ...answer });
    }

    /** `ground`: the land on which atoms were chosen; after a cut the same number is another piece. */
    do(op, reason, ground = this.ground) {
      return this.change("do", { op, ...(ground ? { ground } : {}), ...(reason ? { reason } : {}) }, op);
    }

    get ground() {
      return this.land ? this.land.ground : "";
    }

    undo() {
      return this.change("undo", {});
    }

    redo() {
      return this.change("redo", {});
    }

    /** What a stroke would do; null where another one was asked for meanwhile, or nobody answers. */
    async attempt(op) {
      if (this.asked) this.asked.abort();
      const asked = (this.asked = new AbortController());
      try {
        return await this.ask("try", { seen: this.state.plan.head, at: this.place, op, ...(this.ground ? { ground: this.ground } : {}) }, asked.signal);
      } catch (error) {
        return error instanceof planner.Refused ? { grids: [], crosses_buildings: 0, refused: error.answer } : null;
      }
    }

    /** Begin work that takes a while; "job" tells how far it is until it ends. */
    async job(wanted) {
      const { place } = this;
      const { job } = await this.ask("jobs", { at: place, ...wanted });
      if (place === this.place) this.follow(job);
      return job;
    }

    /** What was worked out for a place before the page was loaded, if it can be taken as the plan stands. */
    async resume(place) {
      const { job } = await this.ask(`jobs?at=${encodeURIComponent(place)}`).catch(() => ({ job: "" }));
      if (job && place === this.place) this.follow(job);
    }

    async follow(job) {
      const { place } = this;
      for (let state = "running"; state === "running";) {
        const told = await this.wire.insist(`jobs/${job}`).catch((error) => ({ state: "failed", text: error.message }));
        if (place !== this.place) return; // of another place's land; found again when one comes back
        this.tell("job", { job, ...told });
        ({ state } = told);
        if (state === "running") await new Promise((done) => setTimeout(done, JOB_MS));
      }
    }

    stop(job) {
      return this.ask(`jobs/${job}/stop`, {});
    }

    take(job, key) {
      return this.change(`jobs/${job}/take`, { key });
    }

    /** Another place of the plan; the address follows. */
    at(code) {
      if (code === this.place) return Promise.resolve();
      this.place = code;
      this.selected = "";
      this.write(true);
      this.tell("place", code);
      return this.load();
    }

    /** Choose a grid by its code; "" chooses none. */
    select(code) {
      if (code === this.selected) return;
      this.selected = code;
      this.write(false);
      this.tell("selected", code);
    }

    /** Fill by another measure. */
    measured(key) {
      if (!MEASURES.includes(key) || key === this.measure) return;
      this.measure = key;
      this.write(false);
      this.tell("measure", this.classes);
    }

    /** Classes of the fills: those of the plan for households, of the values here for the rest. */
    get classes() {
      const given = this.state && this.state.classes;
      const fixed = given && this.measure === (given.key || "households");
      if (fixed) return { key: this.measure, breaks: given.breaks, labels: given.labels };
      const values = this.state ? this.state.grids.map((grid) => grid[this.measure]) : [];
      return { key: this.measure, breaks: breaksOf(values), labels: null };
    }

    locate(where) {
      if (where && where.grid && this.state.grids.some((grid) => grid.code === where.grid)) this.select(where.grid);
      this.tell("locate", where);
    }

    /** What the address says of place, choice and measure. */
    read() {
      const query = new URLSearchParams(window.location.search);
      this.place = query.get("at") || this.host.dataset.at || "";
      this.selected = query.get("sel") || "";
      this.measure = MEASURES.includes(query.get("m")) ? query.get("m") : MEASURES[0];
    }

    /** Put them into the address, and into the links that lead to this page in other looks. */
    write(step) {
      const state = { at: this.place, sel: this.selected, m: this.measure === MEASURES[0] ? "" : this.measure };
      const changed = (search) => {
        const query = new URLSearchParams(search);
        for (const [name, value] of Object.entries(state)) value ? query.set(name, value) : query.delete(name);
        return `?${query}`;
      };
      window.history[step ? "pushState" : "replaceState"](null, "", changed(window.location.search));
      const here = window.location.pathname;
      const links = [...document.querySelectorAll(`a[href^="${here}"]`)].filter((link) => link.pathname === here);
      for (const link of links) link.href = here + changed(link.search);
    }

    back() {
      const before = this.place;
      this.read();
      if (this.place !== before) {
        this.tell("place", this.place);
        this.load();
      } else if (this.state) {
        this.tell("selected", this.selected);
        this.tell("measure", this.classes);
      }
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const host = document.getElementById("planner");
    if (!host || !host.dataset.plan) return;
    const desk = (planner.desk = new Desk(host));
    for (const begin of planner.beginners || []) begin(desk);
    desk.load();
  });

  planner.Desk = Desk;
  planner.MEASURES = MEASURES;
  /** Let somebody begin once the desk is there, before it has a state. */
  planner.begin = (beginner) => (planner.beginners = planner.beginners || []).push(beginner);
})();
