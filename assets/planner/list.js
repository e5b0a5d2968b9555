// The list of scenarios, and the form for a new one.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const MANY = 12; // areas, above which there is a search
  const AGAIN_MS = 1500; // after which it may be known which scenarios are out of date
  const LEFT = "yiping-plan-new"; // what somebody had filled in when the page was opened anew

  let shown = ""; // the rows, as text

  /** The address of a desk; language and theme go along. */
  function address(id) {
    const asked = new URLSearchParams(window.location.search);
    const kept = new URLSearchParams(["lang", "theme"].filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
    return `/plan/${encodeURIComponent(id)}${kept.toString() ? "?" + kept : ""}`;
  }

  /** Why a scenario goes no further, and what continues it. */
  function reason({ overtaken, carried }) {
    const links = carried.flatMap(({ id, name }, i) => [i ? " · " : null, make("a", { href: address(id) }, name)]);
    return make("p", { class: "note" }, overtaken, carried.length ? [" · ", say("carried_as"), links] : null);
  }

  function stale() {
    return make("span", { class: "plan-stale" }, make("span", { class: "level level-2", "aria-hidden": "true" }), say("list_overtaken"));
  }

  function row(plan) {
    const [before, after] = plan.grids;
    const name = make("td", null, make("a", { href: address(plan.id) }, plan.name),
      plan.fault ? make("p", { class: "note" }, say("list_fault", { fault: plan.fault })) : null, plan.overtaken ? reason(plan) : null);
    const state = make("td", null, plan.state_name, plan.overtaken ? stale() : null);
    const rest = [say("list_grids", { before, after }), plan.author, plan.changed].map((text) => make("td", null, text));
    return make("tr", { "data-overtaken": Boolean(plan.overtaken) }, name, make("td", null, plan.scope_name), state, rest);
  }

  const tell = (text) => { document.getElementById("plan-told").textContent = text; };

  /** The rows; again while the server still looks at some of them. */
  async function show() {
    const { plans } = await planner.listed();
    if (plans.some(({ overtaken }) => overtaken === null)) setTimeout(() => show().catch(() => null), AGAIN_MS);
    const key = JSON.stringify(plans);
    if (key === shown) return; // who goes through the links by keyboard stays where they are
    shown = key;
    document.getElementById("plan-rows").replaceChildren(...plans.map(row));
    tell(plans.length ? say("list_count", { n: plans.length }) : say("list_none"));
  }

  /** A new scenario; where the land is still being prepared, as soon as it is. */
  async function made(given) {
    const lang = document.querySelector("[data-texts]").dataset.lang;
    const posted = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) };
    const ask = async () => (await planner.answered(`/api/plans?lang=${lang}`, posted)).id;
    return planner.patiently(ask, { tell });
  }

  async function create(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const button = event.target.querySelector("[type=submit]");
    button.disabled = true;
    tell(say("reading"));
    try {
      const id = await made(given);
      event.target.reset(); // it is no longer waiting to be filled in
      window.location.assign(address(id));
    } catch (error) {
      tell(error.message);
      button.disabled = false;
    }
  }

  /** Words and choices outlive a change of language, which opens the page anew. */
  function lasting(form) {
    const fields = () => [...form.elements].filter(({ name }) => name);
    try {
      const left = JSON.parse(sessionStorage.getItem(LEFT) || "{}");
      sessionStorage.removeItem(LEFT);
      for (const field of fields()) if (field.name in left) field.value = left[field.name];
    } catch (error) {
      return; // without a memory nothing is kept
    }
    window.addEventListener("pagehide", () => {
      const filled = fields().map(({ name, value }) => [name, value]);
      sessionStorage.setItem(LEFT, JSON.stringify(Object.fromEntries(filled)));
    });
  }

  /** A long list of areas is searched by what is typed above it. */
  function searchable(select) {
    const all = [...select.options];
    const has = (option, typed) => option.text.toLowerCase().includes(typed.trim().toLowerCase());
    const nowhere = make("option", { value: "", disabled: true }, say("find_none"));
    let wanted = select.value; // what somebody chose last
    const narrow = (event) => {
      const found = all.filter((option) => has(option, event.target.value));
      select.replaceChildren(...(found.length ? found : [nowhere]));
      const again = found.find((option) => option.value === wanted) || found[0];
      select.value = again ? again.value : "";
    };
    select.required = true; // nowhere is no area
    select.addEventListener("change", () => { wanted = select.value; });
    select.before(make("input", { type: "search", autocomplete: "off", "aria-label": say("find"), placeholder: say("find"), input: narrow }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.getElementById("planner-list")) return;
    const form = document.getElementById("plan-new");
    form.addEventListener("submit", create);
    lasting(form);
    if (form.elements.scope.options.length > MANY) searchable(form.elements.scope);
    show().catch((error) => tell(error.message));
  });
})();
