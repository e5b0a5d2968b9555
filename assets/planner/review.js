// The review of a scenario: handed in, passed on, approved, sent back; what hinders it is named and can be looked at.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);

  /** The way to the first place of a fault, which may lie in another community. */
  function way(desk, { text, where }) {
    if (!where.length) return null;
    const show = async (event) => {
      event.target.closest("dialog").close();
      if (where[0].at) await desk.at(where[0].at);
      desk.locate(where[0]);
    };
    const name = say("locate_grid", { grid: where[0].name || text });
    return make("button", { type: "button", class: "plan-link", "aria-label": name, click: show }, say("locate"));
  }

  function listed(desk, faults) {
    return make("ul", { class: "plan-faults" }, faults.map((each) => make("li", null, make("span", null, each.text), " ", way(desk, each))));
  }

  /** What would hinder it, and what today's grids fail as well; asked once the dialog is open. */
  async function look(desk, host) {
    const told = await desk.ask("ready").catch((error) => ({ text: error.message }));
    if (told.text !== undefined) return host.replaceChildren(told.text);
    const { added, inherited } = told;
    const mark = added.length ? make("span", { class: "level level-1", "aria-hidden": "true" }) : null;
    const parts = [make("p", added.length ? { class: "added" } : null, mark, say(added.length ? "ready_added" : "ready_none")), added.length ? listed(desk, added) : ""];
    const go = host.closest("form").querySelector("[type=submit]");
    go.disabled = Boolean(added.length); // the server would refuse it
    if (inherited.length) parts.push(make("p", null, say("ready_inherited")), listed(desk, inherited));
    return host.replaceChildren(...parts);
  }

  function written(key, required) {
    return make("label", null, say(key), make("textarea", { name: "reason", maxlength: 500, required }));
  }

  function moving(desk) {
    return (to) => (given) => desk.change("move", {
      to, reason: given.get("reason") || "", ...(given.get("effective") ? { effective: given.get("effective") } : {}),
    }, null, true);
  }

  function forward(desk, next, { form, ways }) {
    if (!next.may) return make("p", { class: "note", "data-may-not": true }, say("review_may_not"));
    const located = ({ faults }) => (faults ? [listed(desk, faults)] : []);
    const { first } = next; // the first day on which it may begin
    const day = next.dated ? make("label", null, say("effective"), make("input", { type: "date", name: "effective", required: true, min: first, value: first })) : null;
    const host = make("div", { class: "plan-ready", "aria-live": "polite" }, say("ready_looking"));
    look(desk, host);
    return form(moving(desk)(next.state), located, host, written("reason_forward", false), day, ways(next.word, true));
  }

  /** Back to the draft, or away, with its reason; null where there is neither. */
  function backward(desk, { form }, headed = true) {
    const { back, away } = desk.state.plan;
    const all = [back, away].filter((move) => move && move.may);
    if (!all.length) return null;
    const to = make("input", { type: "hidden", name: "to" });
    const buttons = all.map(({ state, word }) => make("button", { type: "submit", class: "button", "data-to": state, click: () => { to.value = state; } }, word));
    const go = (given) => moving(desk)(given.get("to"))(given);
    const close = (event) => event.target.closest("dialog").close();
    const cancel = desk.state.plan.next ? null : make("button", { type: "button", class: "button", click: close }, say("cancel"));
    return [headed ? make("h3", null, all.map(({ word }) => word).join(" · ")) : null, form(go, null, written("reason_back", true), to, make("div", { class: "ways" }, cancel, buttons))];
  }

  /** Each desk on the way sees what is asked of it, not what the author saw. */
  planner.reviewing = (desk, parts) => {
    const { next, review, overtaken, back, away } = desk.state.plan;
    if (overtaken) {
      const title = [back, away].filter((move) => move && move.may).map(({ word }) => word).join(" · ");
      parts.open("submit", title, make("p", null, overtaken), backward(desk, parts, false));
      return;
    }
    const on = next ? [desk.state.plan.state === "draft" ? null : make("h3", null, next.dated ? next.word : say("review_forward")), forward(desk, next, parts)] : [];
    parts.open("submit", review.title, make("p", null, review.lead), on, backward(desk, parts));
  };

  /** The button of it: blue only where something goes on; what a publication overtook goes on elsewhere. */
  function button(desk) {
    const host = document.querySelector("#plan-actions [data-open=submit]");
    const { next, back, away, review, overtaken } = desk.state.plan;
    const over = !next && !back && !away;
    host.textContent = overtaken ? planner.overtaken.word(desk.state.plan) : over || !review ? say("review_over") : review.title;
    host.classList.toggle("primary", Boolean(next));
    host.disabled = over && !overtaken;
    if (overtaken) host.setAttribute("aria-describedby", "plan-overtaken-why");
    else host.removeAttribute("aria-describedby");
    document.querySelector("#plan-actions [data-open=optimise]").disabled = !desk.editable;
  }

  planner.begin((desk) => {
    desk.on("state", () => button(desk));
    desk.on("done", ({ path, state }) => path === "move" && planner.panels.tell(say("moved", { state: state.plan.state_name })));
    desk.on("base", () => planner.panels.tell(say("base_renewed")));
  });
})();
