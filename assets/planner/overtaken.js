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
      make("button", { type: "button", class: "button", "data-key": "carry", "aria-haspopup": "dialog", click: go }, say("carry")),
    ]);
  }

  const called = (name) => say("carry_name", { name }).slice(-LONGEST);

  /** Begin the new plan; where the land of today is still being prepared, as soon as it is. */
  async function begun(desk, name) {
    for (;;) {
      try {
        return (await desk.ask("carry", { name })).id;
      } catch (error) {
        if (!error.answer || error.answer.why !== "making") throw error;
        planner.panels.tell(say("carry_waits"));
        await new Promise((done) => setTimeout(done, 2000));
      }
    }
  }

  planner.carrying = (desk, { open, form, ways }) => {
    const go = async (given) => {
      const id = await begun(desk, given.get("name").trim());
      window.location.assign(`/plan/${encodeURIComponent(id)}${window.location.search}`);
      return true;
    };
    const name = make("label", null, say("branch_name"), make("input", { name: "name", required: true, maxlength: LONGEST, autocomplete: "off", value: called(desk.state.plan.name) }));
    open("ask", say("carry").replace("…", ""), make("p", null, say("carry_lead")), form(go, null, name, ways(say("carry_go"), true)));
  };

  planner.begin((desk) => desk.on("state", () => paint(desk)));
})();
