// What the browser writes itself: clock, ages, countdown, the strips; by the server's clock, every second.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const RANK = { fresh: 0, amber: 1, red: 2 };
  // Elements of a tree whose text is written here, by their `data-wall`.
  const WRITTEN = new Set(["date", "clock", "until", "sources", "age", "countdown", "progress"]);
  const SHORT = "14:26".length;
  const ICONS = { fresh: "", amber: "icon icon-clock", red: "icon icon-warning" };

  function put(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /** A sign and a text, in two elements that stay. */
  function tell(element, grade, text) {
    if (!element.firstElementChild) {
      element.appendChild(document.createElement("i"));
      element.appendChild(document.createElement("span"));
    }
    put(element, "data-state", grade);
    put(element.firstElementChild, "class", ICONS[grade]);
    write(element.lastElementChild, text);
  }

  /** A text with its places filled. */
  function said(texts, key, values) {
    return Object.keys(values || {}).reduce(
      (text, name) => text.replace(`{${name}}`, String(values[name])), texts[key] || "");
  }

  /** Every source with its age and grade; what is shown of the past has no age. */
  function sourcesOf(state, nowS) {
    const still = state.clock !== "now";
    return (state.sources || []).map((source) => {
      const ageS = still ? 0 : Math.max(0, nowS - source.newest);
      return { ...source, ageS, grade: root.ages.ofSource(ageS, source.interval_s) };
    });
  }

  function worst(list) {
    return list.reduce((a, b) => (!a || RANK[b.grade] > RANK[a.grade] || (b.grade === a.grade && b.ageS > a.ageS) ? b : a), null);
  }

  class Fills {
    constructor(host, asking) {
      this.host = host;
      this.asking = asking;
      this.language = "zh";
    }

    /** The state's own clock where it shows the past, else the server's. */
    shownNow() {
      const { state } = this.asking;
      return state.clock === "now" ? this.asking.now() : state.now;
    }

    /** Write everything anew; called every second, and after each answer. */
    show() {
      const { state } = this.asking;
      const lostS = this.asking.lost();
      put(document.documentElement, "data-live-state", root.ages.ofServer(lostS));
      if (!state) return;
      this.texts = state.text || {};
      this.known = sourcesOf(state, this.asking.now());
      for (const element of this.host.querySelectorAll("[data-wall]")) {
        if (wall.written.has(element.dataset.wall)) this[element.dataset.wall](element, state);
      }
      this.panels(state);
      this.strip(state, lostS);
    }

    date(element, state) {
      write(element, wall.moments.date(this.asking.now(), state.zone, this.language));
    }

    clock(element, state) {
      const text = wall.moments.say("exact", this.asking.now(), state.zone, this.language);
      if (!element.firstElementChild) {
        element.appendChild(document.createElement("span"));
        element.appendChild(document.createElement("i"));
      }
      write(element.firstElementChild, text.slice(0, 5));
      write(element.lastElementChild, text.slice(5));
    }

    until(element, state) {
      const { zone, newest } = state;
      const nowS = this.asking.now();
      const time = wall.moments.since(newest, nowS, zone, this.language); // of another day: no seconds
      const today = time.length === SHORT;
      const text = said(this.texts, "until", {
        time: today ? wall.moments.say("exact", newest, zone, this.language) : time,
      });
      put(element, "data-clock", state.clock);
      write(element, text);
    }

    /** Each source by its name where it is late, else how many are well. */
    text(late) {
      const age = late.length && root.ages.words("for_", worst(late).ageS, this.texts);
      if (!this.known.length) return said(this.texts, "sources_none");
      if (!late.length) return said(this.texts, "sources_ok", { n: this.known.length });
      if (late.length === 1) return said(this.texts, "source_late", { name: late[0].name, age });
      return said(this.texts, "sources_late", { n: late.length, age });
    }

    sources(element) {
      if (this.asking.lost() >= root.ages.AMBER_S) {
        tell(element, "fresh", ""); // without the server nobody knows
        return;
      }
      const late = this.known.filter((source) => source.grade !== "fresh");
      tell(element, late.length ? worst(late).grade : "fresh", this.text(late));
    }

    /** The age of what a panel is made of. */
    age(element, state) {
      const section = element.closest(".wall-slot");
      const panel = section && state.panels[section.dataset.wall];
      const found = panel && this.of(panel);
      if (!found) {
        tell(element, "fresh", "");
        return;
      }
      const time = wall.moments.since(found.newest, this.asking.now(), state.zone, this.language);
      const text = found.grade === "red" ? said(this.texts, "stale_since", { time })
        : state.clock === "now" ? root.ages.words("ago_", found.ageS, this.texts) : "";
      tell(element, found.grade, text);
    }

    /** What is thought of a panel: its newest case, by the quickest of the sources that it needs. */
    of(panel) {
      const needed = this.known.filter((source) => (panel.needs || []).includes(source.key));
      if (!needed.length) return null;
      const still = this.asking.state.clock !== "now";
      const ageS = still ? 0 : Math.max(0, this.asking.now() - panel.since);
      const grade = root.ages.ofSource(ageS, Math.min(...needed.map((source) => source.interval_s)));
      return { ageS, grade, newest: panel.since };
    }

    panels(state) {
      for (const name of Object.keys(state.panels)) {
        const found = this.of(state.panels[name]);
        const section = this.host.querySelector(`.wall-slot[data-wall="${CSS.escape(name)}"]`);
        if (section) put(section, "data-state", found ? found.grade : "fresh");
      }
    }

    countdown(element, state) {
      const { focus, look } = state;
      const left = Math.max(0, Math.ceil(focus.ends - this.asking.now()));
      const key = look.frozen ? "frozen" : look.paused ? "paused" : focus.why === "tour" ? "next" : "held";
      write(element, said(this.texts, key, { n: left }));
    }

    progress(element, { focus, look }) {
      const whole = focus.ends - focus.began;
      const stands = look.frozen || look.paused || !(whole > 0);
      const share = stands ? 1 : Math.min(1, Math.max(0, (this.asking.now() - focus.began) / whole));
      element.style.transform = `scaleX(${share.toFixed(4)})`;
    }

    /** No answer: how long; later since when. Refused: since when, and what to do, at once. */
    strip(state, lostS) {
      const element = this.host.querySelector("#wall-strip");
      if (!element) return;
      const { refused } = this.asking;
      const grade = refused ? "red" : root.ages.ofServer(lostS);
      const time = wall.moments.since(this.asking.serverNow, this.asking.now(), state.zone, this.language);
      const age = root.ages.words("for_", lostS, this.texts);
      const text = grade === "red" ? said(this.texts, refused ? "refused_since" : "lost_since", { time }) : said(this.texts, "lost", { age });
      element.hidden = grade === "fresh";
      if (grade !== "fresh") tell(element, grade, text);
    }
  }

  wall.written = WRITTEN;
  wall.Fills = Fills;
})();
