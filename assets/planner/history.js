// What was done, by whom and why; comments; where the scenario stands on its way to approval.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const { make } = planner;
  const say = (key, values) => planner.texts.get(key, values);
  let open = false; // asked for only while somebody looks
  let head = null; // of the steps that are shown
  let steps = [];
  let law = ""; // how far a published scenario is on its way into force

  function step(each) {
    const note = [each.on_way ? "" : say("history_undone"), each.author, each.reason].filter(Boolean).join(" · ");
    return make("li", { class: each.on_way ? "" : "undone", "data-step": each.key },
      make("div", { class: "what" }, make("span", null, each.text), make("span", null, each.at)),
      make("div", { class: "note" }, note));
  }

  function ways(desk) {
    const all = desk.editable ? ["branch", "compare", "merge", "import"] : ["branch", "compare"];
    return all.map((name) =>
      make("button", { type: "button", class: "plan-link", "data-key": name, "data-open": name, click: () => planner.dialogs.show(name, desk) }, say(name)));
  }

  function past(data, desk) {
    const list = data.steps.length ? make("ol", { class: "plan-steps" }, data.steps.map(step)) : make("p", { class: "note" }, say("history_none"));
    const title = `${planner.status.steps(data.count)} · ${say("comments_count", { n: data.comments.length })}`;
    const turn = make("button", { type: "button", class: "plan-link plan-turn", "data-key": "history", "aria-expanded": String(data.open), click: () => toggle(desk) },
      `${title} ${data.open ? "▴" : "▾"}`);
    return make("div", { class: "plan-part" }, planner.panels.head(turn), make("div", { class: "plan-ways" }, ways(desk)), data.open ? list : null);
  }

  function comment(each) {
    return make("li", null, make("div", { class: "what" }, make("span", null, each.text), make("span", null, each.at)),
      make("div", { class: "note" }, [each.author, each.name || say("comment_all")].join(" · ")));
  }

  function writing(data, desk) {
    const text = make("textarea", { "aria-label": say("comment_add"), placeholder: say("comment_add"), maxlength: 1000, "data-key": "comment" });
    const about = make("select", { "aria-label": say("comment_about"), "data-key": "about" },
      make("option", { value: "" }, say("comment_all")), data.grids.map((grid) => make("option", { value: grid.code }, grid.name)));
    const send = async () => {
      if (!text.value.trim()) return text.focus();
      const state = await desk.change("comment", { grid: about.value, text: text.value.trim() });
      if (!state) return null;
      const now = document.querySelector("#plan-history textarea"); // painted anew with what was typed
      if (now) now.value = "";
      planner.panels.tell(say("comment_sent"));
      return state;
    };
    return make("div", { class: "plan-comment" }, text, about, make("button", { type: "button", class: "button", "data-key": "send", click: send }, say("comment_send")));
  }

  function comments(data, desk) {
    const list = data.comments.length ? make("ol", { class: "plan-steps" }, data.comments.map(comment)) : make("p", { class: "note" }, say("comments_none"));
    return make("div", { class: "plan-part" }, planner.panels.head(say("comments")), list, writing(data, desk));
  }

  function chain(all, desk) {
    const rows = all.map((each) => make("li", { class: each.done ? "done" : "", "aria-current": each.current ? "step" : null, title: each.note || null }, each.name));
    const at = desk.place ? `at=${encodeURIComponent(desk.place)}&` : "";
    const there = `/plan/${encodeURIComponent(desk.id)}/shown?${at}lang=${desk.host.dataset.lang}&theme=${document.documentElement.dataset.theme || ""}`;
    return make("div", { class: "plan-part" }, planner.panels.head(say("approvals")), make("ol", { class: "plan-chain" }, rows),
      law ? make("p", { class: "note", "data-law": true }, law) : null,
      desk.state.plan.overtaken ? null : make("a", { class: "plan-link", "data-key": "overview", href: there }, say("see_overview")));
  }

  function draw(desk) {
    const { plan, comments: said, chain: stands, grids } = desk.state;
    const data = {
      count: { undo: plan.undo, redo: plan.redo }, open, steps: open ? steps : [], comments: said, chain: stands, law, overtaken: plan.overtaken,
      editable: desk.editable, place: desk.place, grids: open ? grids.map(({ code, name }) => ({ code, name })) : [],
    };
    const host = document.getElementById("plan-history");
    const typed = host.querySelector("textarea");
    const kept = typed ? typed.value : "";
    planner.panels.put(host, data, (given) => [past(given, desk), given.open ? comments(given, desk) : null, chain(given.chain, desk)]);
    const again = host.querySelector("textarea");
    if (again && kept && again !== typed) again.value = kept;
  }

  async function renew(desk) {
    const asked = desk.state.plan.head;
    const answer = await desk.ask("history").catch(() => null);
    if (!answer) return;
    head = asked;
    steps = answer.steps;
    draw(desk);
  }

  /** Whether it is in force: asked for with every state, which comes every half minute at least. */
  async function enacted(desk) {
    const told = desk.state.plan.state === "published" ? await desk.ask("law").catch(() => null) : { text: "" };
    if (!told || told.text === law) return;
    law = told.text;
    draw(desk);
  }

  function paint(state, desk) {
    draw(desk);
    enacted(desk);
    if (open && head !== state.plan.head) renew(desk);
  }

  /** Show the history, or put it away again. */
  function toggle(desk) {
    open = !open;
    document.querySelector("#plan-status [data-open=history]").setAttribute("aria-expanded", String(open));
    if (!desk.state) return;
    draw(desk);
    if (!open) return;
    renew(desk);
    document.getElementById("plan-history").scrollIntoView({ block: "start" });
  }

  planner.history = { paint, toggle };
  (planner.beginners = planner.beginners || []).push((desk) => {
    const button = document.querySelector("#plan-status [data-open=history]");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => toggle(desk));
    desk.on("looked", () => enacted(desk));
  });
})();
