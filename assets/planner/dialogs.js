// Dialogs of the desk: optimise, branch, merge, compare; and the menu of files.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const WEIGHTS = ["territory", "radius", "industries", "density"];
  const KINDS = ["alternatives", "rebalance", "redraw"];
  const UNSIZED = "rebalance"; // keeps the number of grids
  const SIZES = ["rules", "households", "grids"];
  const whole = (number) => number.toLocaleString("en-US");
  const round = (number) => Math.round(number / 10) * 10;

  /** Fill a dialog and show it; what it was opened from has the focus again when it closes. */
  function open(id, title, ...content) {
    const dialog = document.getElementById("plan-" + id);
    dialog.setAttribute("aria-label", title);
    dialog.replaceChildren(make("h2", null, title), ...content.flat(Infinity).filter(Boolean));
    if (!dialog.open) dialog.showModal();
    return dialog;
  }

  function closing(event) {
    event.target.closest("dialog").close();
  }

  function ways(word, click) {
    const go = make("button", { type: "submit", class: "button primary", disabled: !click }, word);
    return make("div", { class: "ways" }, make("button", { type: "button", class: "button", click: closing }, say("cancel")), go);
  }

  /** A form that does something once; while it waits it cannot be sent again, but keeps the focus.
   *  located(answer): the ways to what a refusal names. */
  function form(act, located, ...content) {
    let waits = false;
    const sent = async (event) => {
      event.preventDefault();
      if (waits) return;
      waits = true;
      const { target } = event;
      target.setAttribute("aria-busy", "true");
      const done = await act(new FormData(target)).catch((error) => error);
      waits = false;
      target.removeAttribute("aria-busy");
      refused(target, done instanceof Error ? done : null, located);
      if (done && !(done instanceof Error)) target.closest("dialog").close();
    };
    return make("form", { submit: sent }, content);
  }

  /** Say in the form itself why it was refused: what lies behind a dialog cannot be read. */
  function refused(target, error, located) {
    const said = target.querySelector("[data-said]") || target.insertBefore(make("div", { class: "said", role: "alert", "data-said": true }), target.lastElementChild);
    const answer = (error && error.answer) || {};
    said.replaceChildren(...(error ? [make("p", null, answer.text || error.message), ...(located ? located(answer) : [])] : []));
  }

  function slider(name, word, value, most, unit) {
    const shown = make("output", null, `${value}${unit}`);
    const bar = make("input", { type: "range", name, min: unit ? 2 : 0, max: most, value, input: (event) => { shown.textContent = `${event.target.value}${unit}`; } });
    return make("label", { class: "row" }, word, bar, shown);
  }

  /** The grids that stay as they are, each with the way to free it. */
  function locks(desk) {
    const rows = () => desk.state.grids.filter((grid) => grid.locked).map((grid) => {
      const free = async () => {
        if (await desk.do({ do: "unlock", grids: [grid.code] })) host.replaceChildren(...rows());
      };
      return make("button", { type: "button", class: "chip", title: say("unlock"), click: free }, `${grid.name} ×`);
    });
    const host = make("div", { class: "plan-locks" }, rows());
    const some = desk.state.grids.some((grid) => grid.locked);
    const special = desk.state.grids.filter((grid) => grid.special).length;
    const held = special ? make("p", { class: "note" }, say("special_kept", { n: special })) : null;
    return [make("p", { class: "note" }, some ? say("locked") : say("locked_none")), host, held];
  }

  /** What of a place is to be shared out: its households, its grids now, and numbers to begin with. */
  function shared(desk) {
    const { least, most } = desk.state.plan.wish.size;
    const households = desk.state.grids.reduce((sum, each) => sum + each.households, 0);
    const now = desk.state.grids.length;
    const fewest = Math.max(1, Math.ceil(households / most));
    return { households, now, start: { households: round((least + most) / 2), grids: Math.max(fewest, now) } };
  }

  /** What a wished number comes to in the place, and that it is below what the rules would have. */
  function comesTo(way, number, desk) {
    const { households, now } = shared(desk);
    const { least } = desk.state.plan.wish.size;
    const n = number > 0 ? Math.max(1, Math.round(households / number)) : 0;
    if (!n) return "";
    const each = way === "grids" ? n : number;
    const values = { households: whole(households), now: whole(now), n: whole(n) };
    return [say(`size_about_${way}`, values), each < least ? say("size_below", { n: whole(least) }) : ""].filter(Boolean).join(" · ");
  }

  /** How many grids there are to be: by the rules, by households of each, or their number; the rules are cited. */
  function sizes(desk) {
    const { least, most, cited_least: low, cited_most: high } = desk.state.plan.wish.size;
    const { start } = shared(desk);
    const about = make("p", { class: "note", role: "status", "data-about": true });
    const inputs = Object.keys(start).map((way) => {
      const input = make("input", { type: "number", name: way, min: 1, step: 1, required: true, inputmode: "numeric", value: start[way], input: () => tell() });
      return make("label", { "data-way": way }, say(`size_${way}_value`), input);
    });
    const choose = make("select", { name: "size", change: () => tell() }, SIZES.map((way) => make("option", { value: way }, say("size_" + way))));
    const tell = (kind) => {
      if (kind) choose.disabled = kind === UNSIZED;
      const way = choose.disabled ? "" : choose.value;
      for (const label of inputs) {
        label.hidden = label.dataset.way !== way;
        label.querySelector("input").disabled = label.hidden; // what is not asked for is not sent
      }
      const input = inputs.map((label) => label.querySelector("input")).find((each) => each.name === way);
      about.textContent = choose.disabled ? say("size_none") : input ? comesTo(way, Number(input.value), desk) : say("size_range", { least: whole(least), most: whole(most) });
    };
    const cited = make("p", { class: "note cited" }, say("size_most", { n: whole(most), cited: high }), make("br"), say("size_least", { n: whole(least), cited: low }));
    tell();
    return { tell, rows: make("div", { class: "plan-size" }, make("label", null, say("size"), choose), inputs, about, cited) };
  }

  /** The size that a form asks for, as the server takes it; none where the rules say it. */
  function sized(given) {
    const way = given.get("size");
    return way && way !== "rules" ? { size: { [way]: Number(given.get(way)) } } : {};
  }

  function optimise(desk) {
    const { wish } = desk.state.plan;
    const begin = async (given) => {
      const weights = Object.fromEntries(WEIGHTS.map((name) => [name, Number(given.get(name)) / 100]));
      return desk.job({ kind: given.get("kind"), weights, tolerance: Number(given.get("tolerance")) / 100, seed: 1, ...sized(given) });
    };
    const size = sizes(desk);
    const choose = make("select", { name: "kind", change: (event) => size.tell(event.target.value) }, KINDS.map((kind) => make("option", { value: kind }, say("kind_" + kind))));
    const kinds = make("label", null, say("kind"), choose);
    const sliders = WEIGHTS.map((name) => slider(name, say("weight_" + name), Math.round(100 * wish.weights[name]), 100, ""));
    const tolerance = slider("tolerance", say("tolerance"), Math.round(100 * wish.tolerance), 50, "%");
    open("optimise", say("optimise"), make("p", null, say("optimise_lead")), form(begin, null, kinds, size.rows, sliders, tolerance, locks(desk), ways(say("go"), true)));
  }

  function branch(desk) {
    const go = async (given) => {
      const { plan } = await desk.ask("branch", { seen: desk.state.plan.head, at: desk.place, name: given.get("name") });
      window.location.assign(`/plan/${encodeURIComponent(plan.id)}${window.location.search}`);
      return true;
    };
    const name = make("label", null, say("branch_name"), make("input", { name: "name", required: true, maxlength: 60, autocomplete: "off" }));
    open("ask", named("branch"), form(go, null, name, ways(say("branch_go"), true)));
  }

  /** The other scenarios that fit as a choice, or null where there is none. */
  async function others(desk, fits) {
    const { plans } = await planner.listed(desk.place || desk.state.plan.scope.code);
    const rest = plans.filter((each) => each.id !== desk.id && !each.fault && fits(each));
    if (!rest.length) return null;
    return make("label", null, say("other"), make("select", { name: "other" }, rest.map((each) => make("option", { value: each.id }, [each.name, each.state_name, each.changed].join(" · ")))));
  }

  /** There is nothing to choose from. */
  function lonely(why) {
    return [make("p", null, say(why)), closer()];
  }

  function closer() {
    return make("div", { class: "ways" }, make("button", { type: "button", class: "button", click: closing }, say("close")));
  }

  /** The title of a dialog: what the button says, without its dots. */
  const named = (key) => say(key).replace("…", "");

  async function merge(desk) {
    const own = desk.state.plan;
    const choice = await others(desk, ({ base, scope }) => base === own.base && scope === own.covers);
    const go = (given) => desk.change("merge", { other: given.get("other") }, null, true);
    const inside = choice ? form(go, null, choice, ways(say("merge_go"), true)) : lonely("merge_none");
    open("ask", named("merge"), make("p", null, say("merge_lead")), inside);
  }

  /** Two scenarios side by side: small maps on one scale, and their figures against today's. */
  function beside(one, two) {
    const outlines = [one, two].map((state) => state.grids.map(({ code, rings, households }) => ({ code, rings, households })));
    const box = planner.choices.extent(outlines.flat());
    const maps = [one, two].map((state, i) => make("figure", null, planner.choices.small(outlines[i], box, one.classes.breaks), make("figcaption", null, make("b", null, state.plan.name))));
    const other = new Map(two.table.rows.map((row) => [row.key, row]));
    const rows = one.table.rows.filter((row) => other.has(row.key)).map((row) => make("tr", null,
      make("th", { scope: "row" }, row.name), [row.before, row.after, other.get(row.key).after].map((text) => make("td", null, text))));
    const names = [say("figure"), say("before"), one.plan.name, two.plan.name].map((name) => make("th", { scope: "col" }, name));
    return [make("div", { class: "plan-pair" }, maps), make("table", { class: "plan-table wide" }, make("thead", null, make("tr", null, names)), make("tbody", null, rows))];
  }

  async function compare(desk) {
    const choice = await others(desk, (each) => each.covers);
    const host = make("div");
    const go = async (given) => {
      host.replaceChildren(); // what is refused must not stand above the figures of another
      const at = encodeURIComponent(desk.place);
      const lang = desk.host.dataset.lang;
      const state = await planner.answered(`/api/plans/${encodeURIComponent(given.get("other"))}/state?at=${at}&lang=${lang}`);
      host.replaceChildren(...beside(desk.state, state));
      return false;
    };
    const inside = choice ? form(go, null, choice, ways(say("compare_go"), true)) : lonely("compare_none");
    open("compare", named("compare"), make("p", null, say("compare_lead")), inside, host);
  }

  async function impact(desk) {
    const told = await desk.ask(`impact?at=${encodeURIComponent(desk.place)}`);
    const names = [say("impact_grid"), ...["before", "after"].map((key) => say("impact_cases", { when: say(key) }))].map((name) => make("th", { scope: "col" }, name));
    const rows = told.grids.map((grid) => make("tr", null, make("th", { scope: "row" }, grid.name), make("td", null, grid.before), make("td", { class: "after" }, grid.after)));
    const table = make("table", { class: "plan-table wide" }, make("thead", null, make("tr", null, names)), make("tbody", null, rows));
    open("compare", say("impact"), make("p", null, told.text), table, closer());
  }

  const DIALOGS = {
    optimise, branch, merge, compare, impact,
    carry: (desk) => planner.carrying(desk, { open, form, ways }),
    submit: (desk) => DIALOGS[desk.state.plan.overtaken ? "carry" : "review"](desk),
    review: (desk) => planner.reviewing(desk, { open, form, ways }),
    import: (desk) => planner.importing(desk, { open, form: (act, ...content) => form(act, null, ...content), ways }),
  };
  const EDITING = ["optimise", "merge", "import"];

  function show(name, desk) {
    if (!desk.state || (EDITING.includes(name) && !desk.editable)) return;
    Promise.resolve(DIALOGS[name](desk)).catch((error) => planner.panels.tell(error.message, "refused"));
  }

  /** Files are of the place that is shown. */
  function files(desk) {
    const values = { name: desk.state.plan.scope.name, n: desk.state.grids.length };
    document.getElementById("plan-export-of").textContent = say("export_of", values);
    for (const link of document.querySelectorAll("[data-export]")) {
      const address = new URL(link.href);
      if (desk.place) address.searchParams.set("at", desk.place);
      else address.searchParams.delete("at");
      link.href = address.pathname + address.search;
    }
  }

  /** Every scenario, as the list shows them; of each whether it covers a place. */
  planner.listed = async (at = "") => {
    const lang = document.querySelector("[data-texts]").dataset.lang;
    return planner.answered(`/api/plans?at=${encodeURIComponent(at)}&lang=${lang}`, { cache: "no-store" });
  };
  planner.dialogs = { show };
  (planner.beginners = planner.beginners || []).push((desk) => {
    for (const name of ["optimise", "submit"]) {
      document.querySelector(`#plan-actions [data-open=${name}]`).addEventListener("click", () => show(name, desk));
    }
    desk.on("state", () => files(desk));
    const menu = document.querySelector(".plan-export");
    menu.addEventListener("click", (event) => event.target.closest("a") && (menu.open = false));
    document.addEventListener("click", (event) => {
      for (const each of document.querySelectorAll("details.menu-box[open]")) if (!each.contains(event.target)) each.open = false;
    });
  });
})();
