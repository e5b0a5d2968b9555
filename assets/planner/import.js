// Borders that somebody drew elsewhere: the file is tried, what does not fit is told, then it is taken.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const ENCODINGS = ["gbk", "utf-8"];
  const MEGABYTE = 1 << 20;
  const OTHER = "other"; // a system that the list does not have

  /** Send the file, to try it or to take it. */
  async function send(desk, given, what) {
    const file = given.get("file");
    const asked = new URLSearchParams({ do: what, name: file.name, at: desk.place, seen: desk.state.plan.head, lang: desk.host.dataset.lang });
    if (given.get("crs") === OTHER) given.set("crs", given.get("code").trim());
    for (const name of ["encoding", "crs", "cut"]) if (given.get(name)) asked.set(name, given.get(name));
    return planner.answered(`/api/plans/${encodeURIComponent(desk.id)}/import?${asked}`, {
      method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
    });
  }

  /** What the trial came to. */
  function found(told) {
    const { read, used, crs_name: crs, encoding_name: encoding } = told;
    const counts = say("import_counts", { read, used, fresh: told.new.length, gone: told.gone.length, crs, encoding });
    const cuts = told.cuts ? say("import_cuts", { n: told.cuts }) : "";
    const same = told.refused || told.grids.length || told.cuts ? "" : say("import_same");
    const lines = [counts, cuts, same, told.sample, told.overlaps, told.strips].filter(Boolean).map((text) => make("p", null, text));
    const rows = told.misfits.map((each) => make("li", null, each.text));
    const more = told.more ? make("li", null, say("import_more", { n: told.more })) : null;
    const refused = told.refused ? make("p", { class: "plan-refused", role: "alert" }, told.refused.text) : null;
    const fits = told.refused ? null : make("p", null, say("import_fits"));
    const aside = told.aside ? make("p", { class: "plan-aside", role: "alert" }, make("span", { class: "level level-2", "aria-hidden": "true" }), told.aside) : null;
    return [...lines, aside, refused, rows.length ? make("ul", { class: "plan-misfits" }, rows, more) : fits];
  }

  /** A choice of one thing that a file may not say; options: value and word of each. */
  function choice(name, options) {
    const all = [["", say("import_auto")], ...options];
    return make("label", null, say("import_" + name), make("select", { name }, all.map(([value, word]) => make("option", { value }, word))));
  }

  /** The coordinate systems that are likely here, and a field for the code of any other. */
  function systems(offered) {
    const all = [...offered.map(({ value, word }) => [value, word]), [OTHER, say("import_crs_other")]];
    const code = make("input", { name: "code", required: true, maxlength: 100, pattern: ".*\\S.*", autocomplete: "off", spellcheck: "false" });
    const field = make("label", { hidden: true }, say("import_crs_code"), code);
    const label = choice("crs", all);
    const select = label.querySelector("select");
    // One that is not asked for must not hold the form up. The focus stays: whoever goes through the list by keys is not done.
    const shown = () => { field.hidden = code.disabled = select.value !== OTHER; };
    select.addEventListener("change", shown);
    shown();
    return [label, field];
  }

  /** Whether parcels are cut along the borders: a refusal may ask for it. */
  function cuts() {
    const options = ["auto", "yes", "no"].map((value) => make("option", { value }, say("import_cut_" + value)));
    return make("label", null, say("import_cut"), make("select", { name: "cut" }, options));
  }

  /** Refuse a file that the server would not read to its end. */
  function fits({ name, size }, most) {
    const tenths = Math.ceil(10 * size / MEGABYTE) / 10; // never shown as small as the limit
    if (size > most) throw new Error(say("import_large", { file: name, size: tenths.toFixed(1), most: Math.floor(most / MEGABYTE) }));
  }

  /** Take the file that was tried, and say what it did. */
  async function take(desk, given) {
    const before = desk.state.plan.head;
    const { head } = await send(desk, given, "take");
    await desk.load();
    const way = { text: planner.texts.get("undo"), act: () => desk.undo() };
    if (head === before) planner.panels.tell(say("import_same"));
    else planner.panels.tell(say("import_taken", { file: given.get("file").name }), "", way);
    return true;
  }

  /** The dialog; a second press of the same button takes what was tried. */
  planner.importing = async (desk, { open, form, ways }) => {
    const { systems: offered, most_bytes: most } = await desk.ask("import");
    let tried = false;
    const outcome = make("div", { "aria-live": "polite" });
    const buttons = ways(say("import_try"), true);
    const forget = () => {
      tried = false;
      outcome.replaceChildren();
      buttons.lastChild.textContent = say("import_try");
    };
    const act = async (given) => {
      if (tried) return take(desk, given);
      fits(given.get("file"), most);
      const told = await send(desk, given, "try");
      outcome.replaceChildren(...found(told).filter(Boolean));
      tried = !told.refused;
      if (tried) buttons.lastChild.textContent = say("import_take");
      return false;
    };
    const file = make("label", null, say("import_file"), make("input", { type: "file", name: "file", required: true, change: forget }));
    const encodings = choice("encoding", ENCODINGS.map((each) => [each, each.toUpperCase()]));
    const fields = [file, encodings, systems(offered), cuts(), outcome, buttons];
    const dialog = open("ask", say("import_title"), make("p", null, say("import_lead")), form(act, fields));
    for (const each of dialog.querySelectorAll("select, [name=code]")) each.addEventListener("input", forget);
  };
})();
