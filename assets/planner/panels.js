// The cards of the desk, painted in place from its state: card, checks, before and after, place, legend.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make, drawn } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const CLASSES = 5;
  const FIRST_ROWS = 6; // of the figures; the others are a click away
  let wholeTable = false;
  const TELL_MS = 12000;
  const LASTING = ["lost", "others"]; // tones of what stays until it is settled
  const STANDING = ["comment", "move"]; // leave the steps as they are
  const LEVELS = { red: 1, amber: 2, info: 3 };
  const painted = new Map(); // what each host shows, as text
  let forget = null;

  /** What to focus again after a host was painted anew. */
  function focusKey(host) {
    const at = document.activeElement;
    return at && host.contains(at) ? at.dataset.key || null : null;
  }

  /** Let a host show what `build` makes of the data, if they differ from before. */
  function put(host, data, build) {
    const text = JSON.stringify(data);
    if (!host || painted.get(host) === text) return;
    painted.set(host, text);
    const key = focusKey(host);
    host.replaceChildren(...[build(data)].flat().filter(Boolean));
    host.removeAttribute("aria-busy");
    const again = key && Array.from(host.querySelectorAll("[data-key]")).find((each) => each.dataset.key === key);
    if (again) again.focus({ preventScroll: true });
  }

  function head(title, note) {
    return make("div", { class: "plan-head" }, make("h2", null, title), note ? make("span", { class: "note" }, note) : null);
  }

  function card({ title, note, summary, stands, lasting }) {
    const sums = summary.map((each) => make("span", null, `${each.name} `,
      each.before === undefined ? null : `${each.before} → `, make("b", null, each.after), each.unit ? ` ${each.unit}` : null));
    const closed = stands ? make("p", { class: "note", "data-read-only": true }, say(lasting ? "read_only_lasting" : "read_only")) : null;
    return [head(title, note), make("div", { class: "plan-sums" }, sums), closed];
  }

  /** The shape of a level, as everywhere; a tick where all is well. */
  function sign(check) {
    if (check.ok) {
      const tick = drawn("path", { d: "M2 7l3 3 5-8", fill: "none", stroke: "currentColor", "stroke-width": "1.5" });
      return drawn("svg", { class: "plan-tick", viewBox: "0 0 12 12", role: "img", "aria-label": say("ok") }, tick);
    }
    const word = say("level_" + check.level);
    return make("span", { class: `level level-${LEVELS[check.level] || 3}`, title: word }, make("span", { class: "unseen" }, word));
  }

  function located(check, desk) {
    if (!check.where.length) return null;
    const turn = { at: 0 };
    const show = () => desk.locate(check.where[turn.at++ % check.where.length]);
    const name = say("locate_grid", { grid: check.where[0].name || check.text });
    return make("button", { type: "button", class: "plan-link", "data-key": `check-${check.key}`, "aria-label": name, click: show }, say("locate"));
  }

  function checks({ verdict, checks: all }, desk) {
    const rows = all.map((check) => make("li", { class: check.ok ? "" : "bad", "data-check": check.key, "data-ok": check.ok ? "1" : "0" },
      sign(check), make("span", { class: "said" }, make("span", { class: "name" }, check.text), make("span", { class: "detail" }, check.detail)),
      located(check, desk)));
    return [head(verdict.title, verdict.note), make("ul", { class: "plan-checks" }, rows)];
  }

  function table({ title, note, rows, whole }, desk) {
    const shown = whole ? rows : rows.slice(0, FIRST_ROWS);
    const lines = shown.map((row) => make("tr", { class: row.better === false ? "worse" : "", "data-row": row.key },
      make("th", { scope: "row", title: row.about }, row.name), make("td", null, row.before), make("td", { class: "after" }, row.after),
      make("td", { class: "change" }, row.change)));
    const names = ["figure", "before", "after", "change"].map((key) => make("th", { scope: "col" }, say(key)));
    const unseen = make("thead", { class: "unseen" }, make("tr", null, names));
    const turn = () => {
      wholeTable = !whole;
      tables(desk);
    };
    const more = make("button", { type: "button", class: "plan-link", "data-key": "rows", "aria-expanded": String(whole), click: turn }, say(whole ? "fewer_rows" : "more_rows"));
    const impact = make("button", { type: "button", class: "plan-link", "data-key": "impact", "aria-haspopup": "dialog", click: () => planner.dialogs.show("impact", desk) }, say("impact"));
    const all = make("div", { class: "plan-more" }, rows.length > FIRST_ROWS ? more : null, impact);
    return [head(title, note), make("table", { class: "plan-table" }, unseen, make("tbody", null, lines)), all];
  }

  function tables(desk) {
    const data = { ...desk.state.table, whole: wholeTable };
    put(document.getElementById("plan-table"), data, (given) => table(given, desk));
  }

  /** Where the map is, against what it is compared, what a line snaps to. */
  function place({ path }, desk) {
    const crumbs = path.flatMap((each, i) => [
      i ? " › " : null,
      i === path.length - 1 ? make("b", null, each.name)
        : make("button", { type: "button", class: "plan-link", "data-key": `at-${each.code}`, click: () => desk.at(each.code) }, each.name),
    ]);
    return make("span", { class: "plan-crumbs" }, crumbs);
  }

  function tools() {
    const ways = ["ghost", "swipe", "off"].map((each) => make("option", { value: each, "data-ghost": each }, say("ghost_" + each)));
    const against = make("label", null, say("against"), make("select", { "data-ghosts": true }, ways));
    const kinds = make("button", { type: "button", class: "plan-pick", "data-snap": true, "aria-pressed": "true" },
      make("span", { class: "plan-kinds" }, say("snap_kinds"), " · "), make("span", { "data-snap-metres": true }));
    return [against, make("span", null, say("snap"), " ", kinds)];
  }

  function inner(list) {
    const children = (each) => `${each.code}:${each.name}`;
    return (list || []).map(children);
  }

  function placed(state, desk) {
    const host = document.querySelector(".plan-place");
    if (!host.firstChild) host.append(make("span"), ...tools(), make("label", { class: "plan-inner" }));
    const { path, inside } = state.plan.scope;
    put(host.firstChild, { path }, (data) => place(data, desk));
    const go = (event) => event.target.value && desk.at(event.target.value);
    put(host.querySelector(".plan-inner"), inner(inside), () => (inside || []).length ? [
      make("select", { "aria-label": say("inside"), "data-key": "inside", change: go },
        make("option", { value: "" }, say("inside")), inside.map((each) => make("option", { value: each.code }, each.name))),
    ] : []);
  }

  function ranges({ breaks, labels }) {
    if (labels && labels.length) return labels;
    return [...breaks.map((limit) => `<${limit}`), breaks.length ? `≥${breaks[breaks.length - 1]}` : ""];
  }

  function keys() {
    const dots = drawn("svg", { viewBox: "0 0 34 14", "aria-hidden": "true" }, drawn("circle", { cx: 8, cy: 7, r: 3 }), drawn("circle", { cx: 23, cy: 7, r: 6.5 }));
    const line = drawn("svg", { viewBox: "0 0 34 14", "aria-hidden": "true" }, drawn("path", { d: "M2 7h30" }));
    return make("div", { class: "plan-keys" }, make("span", null, dots, say("legend_buildings")), make("span", null, line, say("legend_today")));
  }

  function legend({ name, classes }, desk) {
    const rows = ranges(classes).map((text, i) => make("li", null, make("i", { "--class": `var(--s${Math.min(i + 1, CLASSES)})` }), text));
    const choices = (planner.MEASURES || []).map((each) => make("option", { value: each, selected: each === classes.key }, say("measure_" + each)));
    const choice = make("select", { "data-measure": true, "data-key": "measure", "aria-label": say("measures"), change: (event) => desk.measured(event.target.value) }, choices);
    return [make("b", null, name, " · ", choice), make("ul", { class: "plan-classes" }, rows), keys()];
  }

  function legends(desk) {
    if (!desk.state) return;
    const data = { name: desk.state.plan.name, classes: desk.classes };
    put(document.querySelector(".plan-legend"), data, (given) => legend(given, desk));
  }

  /** What every state changes. */
  function paint(state, desk) {
    const at = (name) => document.getElementById("plan-" + name);
    const stands = desk.editable ? "" : state.plan.state_name;
    const lasting = !state.plan.back; // nobody can make it a draft again
    put(at("card"), { title: state.plan.title, note: state.plan.note, summary: state.summary, stands, lasting }, card);
    put(at("checks"), { verdict: state.verdict, checks: state.checks }, (data) => checks(data, desk));
    tables(desk);
    placed(state, desk);
    legends(desk);
    at("waits").hidden = true;
    for (const [name, count] of [["undo", state.plan.undo], ["redo", state.plan.redo]]) {
      const button = document.querySelector(`[data-do=${name}]`);
      button.setAttribute("aria-disabled", String(!count || !desk.editable));
    }
    if (planner.choices) planner.choices.paint(state, desk);
    if (planner.history) planner.history.paint(state, desk);
    if (planner.status) planner.status.paint(state, desk);
  }

  /** One line over the map, perhaps with a way {text, act}; it goes after a while, unless something is to be settled. */
  function tell(text, tone = "", way = null) {
    const line = document.getElementById("plan-told");
    clearTimeout(forget);
    const act = () => {
      tell("");
      way.act();
    };
    line.replaceChildren(text, ...(way ? [" ", make("button", { type: "button", class: "plan-link", click: act }, way.text)] : []));
    if (!text) line.replaceChildren();
    line.dataset.tone = tone;
    if (text && !LASTING.includes(tone)) forget = setTimeout(() => tell(""), TELL_MS);
    if (planner.desk && planner.desk.map) planner.desk.map.soon(); // cards make room for it
  }

  /** Whether something that was done leaves behind what is told: a refusal, or a step with a way back that would undo another one by now. */
  function over(path) {
    const line = document.getElementById("plan-told");
    if (line.dataset.tone === "refused") return true;
    return !STANDING.includes(path) && !LASTING.includes(line.dataset.tone);
  }

  function begin(desk) {
    desk.on("measure", () => legends(desk));
    desk.on("refused", ({ op, text }) => {
      document.getElementById("plan-waits").textContent = desk.state ? "" : text;
      if (!op) tell(text, "refused"); // what a stroke was refused for stands beside the pointer
    });
    desk.on("done", ({ path }) => over(path) && tell(""));
    desk.on("lost", () => tell(say("failed"), "lost"));
    desk.on("found", () => tell(""));
  }

  planner.panels = { paint, tell, put, head, ranges };
  (planner.beginners = planner.beginners || []).push(begin);
})();
