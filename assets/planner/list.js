// The list of scenarios, and the form for a new one.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const MANY = 12; // areas, above which there is a search

  /** The address of a desk; language and theme go along. */
  function address(id) {
    const asked = new URLSearchParams(window.location.search);
    const kept = new URLSearchParams(["lang", "theme"].filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
    return `/plan/${encodeURIComponent(id)}${kept.toString() ? "?" + kept : ""}`;
  }

  function row(plan) {
    const [before, after] = plan.grids;
    return make("tr", null, make("td", null, make("a", { href: address(plan.id) }, plan.name), plan.fault ? make("p", { class: "note" }, say("list_fault", { fault: plan.fault })) : null),
      [plan.scope_name, plan.state_name, say("list_grids", { before, after }), plan.author, plan.changed].map((text) => make("td", null, text)));
  }

  const tell = (text) => { document.getElementById("plan-told").textContent = text; };

  async function show() {
    const { plans } = await planner.listed();
    document.getElementById("plan-rows").replaceChildren(...plans.map(row));
    tell(plans.length ? say("list_count", { n: plans.length }) : say("list_none"));
  }

  /** A new scenario; where the land is still being prepared, as soon as it is. */
  async function made(given) {
    const lang = document.querySelector("[data-texts]").dataset.lang;
    const posted = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) };
    const ask = async () => {
      const answer = await fetch(`/api/plans?lang=${lang}`, posted);
      const told = await answer.json();
      if (!answer.ok) throw new planner.Refused(answer.status, told);
      return told.id;
    };
    return planner.patiently(ask, { tell });
  }

  async function create(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const button = event.target.querySelector("[type=submit]");
    button.disabled = true;
    tell(say("reading"));
    try {
      window.location.assign(address(await made(given)));
    } catch (error) {
      tell(error.message);
      button.disabled = false;
    }
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
    if (form.elements.scope.options.length > MANY) searchable(form.elements.scope);
    show().catch((error) => tell(error.message));
  });
})();
