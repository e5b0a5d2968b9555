// A plan that a publication overtook: told above everything, with the way on to today's grids.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  const LONGEST = 60; // characters of a name

  function paint(desk) {
    const host = document.getElementById("plan-overtaken");
    const { overtaken } = desk.state.plan;
    host.hidden = !overtaken;
    const go = () => planner.dialogs.show("carry", desk);
    planner.panels.put(host, { overtaken }, () => overtaken && [
      make("p", null, make("span", { class: "level level-2", "aria-hidden": "true" }), overtaken),
      make("button", { type: "button", class: "button primary", "data-key": "carry", "aria-haspopup": "dialog", click: go }, say("carry")),
    ]);
  }

  const called = (name) => say("carry_name", { name }).slice(-LONGEST);

  planner.carrying = (desk, { open, form, ways }) => {
    const waiting = make("p", { class: "note", role: "status" });
    let partly = false; // what both changed may be left
    const rest = (answer) => answer.why !== "overtaken_partly" ? [] : [
      make("button", { type: "button", class: "button", "data-key": "partly", click: (event) => { partly = true; event.target.form.requestSubmit(); } }, say("carry_partly")),
    ];
    const tell = (text) => { waiting.textContent = text; };
    const go = async (given) => {
      const wanted = partly;
      partly = false; // for this once
      const ask = () => desk.ask("carry", { name: given.get("name").trim(), ...(wanted ? { partly: true } : {}) });
      const made = await planner.patiently(ask, { tell, waits: () => waiting.isConnected && waiting.closest("dialog").open }).finally(() => tell(""));
      if (made) window.location.assign(`/plan/${encodeURIComponent(made.id)}${window.location.search}`);
      return Boolean(made);
    };
    const name = make("label", null, say("branch_name"), make("input", { name: "name", required: true, maxlength: LONGEST, autocomplete: "off", value: called(desk.state.plan.name) }));
    open("ask", say("carry").replace("…", ""), make("p", null, say("carry_lead")), form(go, rest, name, waiting, ways(say("carry_go"), true)));
  };

  planner.begin((desk) => desk.on("state", () => paint(desk)));
})();
