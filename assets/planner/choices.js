// Alternatives: how far their making is, three small maps on one scale, and the way to take one.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make, drawn } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const CLASSES = 5;
  const SIDE = 100; // units of a small map
  // The job that is shown, what it told last, and what the place looked like where its plans can be taken.
  const now = { job: null, told: null, signs: new Set() };

  /** The box of some outlines, and the width of a degree against its height there. */
  function extent(all) {
    const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
    for (const [lon, lat] of all.flatMap(({ rings }) => rings.flat())) {
      Object.assign(box, { west: Math.min(box.west, lon), east: Math.max(box.east, lon) });
      Object.assign(box, { south: Math.min(box.south, lat), north: Math.max(box.north, lat) });
    }
    return { ...box, narrow: Math.cos(((box.south + box.north) / 2) * Math.PI / 180) };
  }

  function line(rings, box) {
    const span = Math.max((box.east - box.west) * box.narrow, box.north - box.south) || 1;
    const at = ([lon, lat]) => `${(((lon - box.west) * box.narrow) / span * SIDE).toFixed(2)} ${((box.north - lat) / span * SIDE).toFixed(2)}`;
    return rings.map((ring) => `M${ring.map(at).join("L")}Z`).join("");
  }

  /** Grids as a small map, filled by their households in the classes of the desk. */
  function small(outlines, box, breaks) {
    const span = Math.max((box.east - box.west) * box.narrow, box.north - box.south) || 1;
    const wide = ((box.east - box.west) * box.narrow) / span * SIDE;
    const high = (box.north - box.south) / span * SIDE;
    const shapes = outlines.map(({ rings, households }) => {
      const rank = breaks.filter((limit) => households >= limit).length;
      return drawn("path", { d: line(rings, box), style: null, "fill-rule": "evenodd", "--class": `var(--s${Math.min(rank + 1, CLASSES)})` });
    });
    return drawn("svg", { viewBox: `-1 -1 ${(wide + 2).toFixed(2)} ${(high + 2).toFixed(2)}`, "aria-hidden": "true", class: "plan-small" }, shapes);
  }

  /** The alternative that is the last step of the draft, by its key. */
  function held(state) {
    return (state && now.told && now.told.steps && now.told.steps[state.plan.head]) || null;
  }

  /** Whether the plans of the job can be taken as the place is now; what was done elsewhere is no matter. */
  function stands(state) {
    if (!state || !now.told || now.told.state !== "done") return true;
    const sign = JSON.stringify([state.grids.map(({ code }) => code), state.owner]);
    if (state.plan.head === now.told.head || held(state)) now.signs.add(sign);
    return now.signs.has(sign);
  }

  /** What was taken, in words. */
  function said(each) {
    return say(now.told.drafted ? "taken_draft" : "taken", { name: each.name, over: each.over, households: each.moved_households });
  }

  /** What of it stands in the draft now, and the way back. */
  function standing(all, desk) {
    const each = all.find(({ key }) => key === held(desk.state));
    if (!each) return null;
    const undo = desk.editable ? make("button", { type: "button", class: "plan-link", "data-key": "untake", click: () => desk.undo() }, say("undo")) : null;
    return make("p", { class: "note", "data-taken": each.key }, said(each), " ", undo);
  }

  function choice(each, box, breaks, desk) {
    const taken = held(desk.state) === each.key;
    const take = async () => {
      if (!desk.editable || held(desk.state) === each.key) return;
      const state = await desk.take(now.job, each.key);
      if (!state) return;
      now.told.steps[state.plan.head] = each.key;
      paint(desk.state, desk);
      planner.panels.tell(said(each), "", { text: say("undo"), act: () => desk.undo() });
    };
    const line2 = say(now.told.drafted ? "alternative_line_draft" : "alternative_line", { over: each.over, households: each.moved_households });
    return make("button", { type: "button", "aria-pressed": String(taken), "aria-disabled": desk.editable ? null : "true", "data-alternative": each.key, "data-key": `choice-${each.key}`, title: say("take", { name: each.name }), click: take },
      small(each.outlines, box, breaks), make("span", null, make("b", null, each.name), ` ${say("alternative_grids", { n: each.grids })}`), make("span", null, line2),
      each.crossing ? make("span", { class: "crossing" }, make("span", { class: "level level-1", "aria-hidden": "true" }), say("alternative_crossing", { n: each.crossing })) : null,
      each.same ? make("span", { class: "same" }, each.same) : null);
  }

  function made({ told, breaks }, desk) {
    const all = told.alternatives;
    const box = extent(all.flatMap((each) => each.outlines));
    const items = all.map((each) => make("li", { "--wide": each.keys ? each.keys.length : 1 }, choice(each, box, breaks, desk)));
    const reason = told.reason ? make("p", { class: "note" }, told.reason) : null;
    const wish = told.wish ? make("p", { class: "note", "data-wish": true }, told.wish) : null;
    return [planner.panels.head(told.title, told.note || say("same_scale")), wish, make("ul", { class: "plan-alternatives" }, items), standing(all, desk), reason];
  }

  function working({ told }, desk) {
    const bar = make("progress", { max: 1, value: told.share || 0, "aria-label": say("progress") });
    const stop = make("button", { type: "button", class: "plan-link", "data-key": "stop", click: () => desk.stop(now.job) }, say("stop"));
    return [planner.panels.head(say("alternatives"), told.text), make("div", { class: "plan-progress" }, bar, stop)];
  }

  function none({ told, stale }) {
    const text = stale ? say("alternatives_past") : told && told.text ? told.text : say("alternatives_none");
    return [planner.panels.head(say("alternatives")), make("p", { class: "note" }, text)];
  }

  /** What is worked out stands below the summary, where it is seen without scrolling; else in its usual place. */
  function put(host, first) {
    const before = document.getElementById(first ? "plan-card" : "plan-table");
    if (before.nextElementSibling === host) return;
    before.after(host);
    if (first) host.parentElement.scrollTop = 0;
  }

  function paint(state, desk) {
    const { told } = now;
    const host = document.getElementById("plan-alternatives");
    put(host, Boolean(told));
    const breaks = (state && state.classes.breaks) || [];
    const stale = !stands(state);
    const data = { told, breaks, taken: held(state), editable: desk.editable, stale };
    const has = !stale && told && told.state === "done" && told.alternatives && told.alternatives.length;
    host.hidden = !told && Boolean(state) && !desk.editable; // nothing can be worked out for what is only read
    const build = told && told.state === "running" ? working : has ? made : none;
    planner.panels.put(host, data, (given) => build(given, desk));
  }

  function begin(desk) {
    desk.on("job", (told) => {
      if (told.job !== now.job) Object.assign(now, { job: told.job, signs: new Set() });
      now.told = told;
      paint(desk.state, desk);
    });
    desk.on("place", () => Object.assign(now, { job: null, told: null, signs: new Set() }));
  }

  planner.choices = { paint, small, extent };
  (planner.beginners = planner.beginners || []).push(begin);
})();
