// A plan that a publication overtook: told above everything, with the way on to today's grids.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const LONGEST = 60; // characters of a name

  const address = (id) => `/plan/${encodeURIComponent(id)}${window.location.search}`;

  /** What took its changes over already, with the way there; null where nothing did. */
  function before(carried) {
    if (!carried.length) return null;
    const links = carried.flatMap(({ id, name }, i) => [i ? " · " : null, make("a", { class: "plan-link", href: address(id) }, name)]);
    return make("p", { "data-carried": true }, say("carried_as"), links);
  }

  /** The way back to a draft, or away: all that its review still has. */
  function rest(desk) {
    const { back, away } = desk.state.plan;
    const words = [back, away].filter((move) => move && move.may).map(({ word }) => word);
    if (!words.length) return null;
    return make("button", { type: "button", class: "button", "data-key": "review", "aria-haspopup": "dialog", click: () => planner.dialogs.show("review", desk) }, `${words.join(" · ")}…`);
  }

  const word = ({ carried }) => say(carried.length ? "carry_again" : "carry");

  function paint(desk) {
    const host = document.getElementById("plan-overtaken");
    const { overtaken, carried, back, away } = desk.state.plan;
    host.hidden = !overtaken;
    const go = () => planner.dialogs.show("carry", desk);
    planner.panels.put(host, { overtaken, carried, back, away }, () => overtaken && [
      make("p", { id: "plan-overtaken-why" }, make("span", { class: "level level-2", "aria-hidden": "true" }), overtaken),
      before(carried),
      make("div", { class: "ways" },
        make("button", { type: "button", class: carried.length ? "button" : "button primary", "data-key": "carry", "aria-haspopup": "dialog", click: go }, word(desk.state.plan)), rest(desk)),
    ]);
  }

  planner.carrying = (desk, { open, form, ways }) => {
    const { carried, carry_name: usual } = desk.state.plan;
    const waiting = make("p", { class: "note", role: "status" });
    const wanted = carried.length ? { again: true } : {}; // by who read that it was done already
    const once = (more, key, text) => [make("button", { type: "button", class: "button", "data-key": key, click: (event) => {
      Object.assign(wanted, more);
      event.target.form.requestSubmit();
    } }, text)];
    const located = ({ why }) => {
      if (why === "overtaken_partly") return once({ partly: true }, "partly", say("carry_partly"));
      return why === "carried_already" ? once({ again: true }, "again", say("carry_again").replace("…", "")) : [];
    };
    const tell = (text) => { waiting.textContent = text; };
    const go = async (given) => {
      const typed = given.get("name").trim();
      const ask = () => desk.ask("carry", { ...(typed === usual ? {} : { name: typed }), ...wanted });
      const made = await planner.patiently(ask, { tell, waits: () => waiting.isConnected && waiting.closest("dialog").open })
        .finally(() => { delete wanted.partly; tell(""); }); // it was asked for this once
      if (made) window.location.assign(address(made.id));
      return Boolean(made);
    };
    const name = make("label", null, say("branch_name"), make("input", { name: "name", required: true, maxlength: LONGEST, autocomplete: "off", value: usual }));
    const again = carried.length ? [before(carried), make("p", null, say("carry_again_lead"))] : [];
    open("ask", word(desk.state.plan).replace("…", ""), make("p", null, say("carry_lead")), again, form(go, located, name, waiting, ways(say("carry_go"), true)));
  };

  planner.overtaken = { word };
  planner.begin((desk) => desk.on("state", () => paint(desk)));
})();
