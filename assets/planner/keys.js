// The desk by keyboard: letters take tools, arrows move the cross over the map, Enter clicks, Tab walks the grids.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const LETTERS = { v: "select", p: "draw", k: "split", m: "merge", n: "node", t: "transfer", d: "measure" };
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const TYPING = "input, textarea, select, [contenteditable], dialog";

  /** What any key means that is one letter; false where it means nothing. */
  function single(tools, key) {
    const acts = {
      "\\": () => tools.against(tools.map.against === "swipe" ? "ghost" : "swipe"),
      "g": () => tools.toggle(),
      "[": () => tools.tolerance(false),
      "]": () => tools.tolerance(true),
      "x": () => tools.cross.open(""),
      "+": () => tools.map.view.step(true),
      "=": () => tools.map.view.step(true),
      "-": () => tools.map.view.step(false),
      "0": () => tools.map.fit(),
      "?": () => root.help(),
    };
    if (tools.tool.digit && /^[0-9]$/.test(key) && tools.tool.digit(Number(key))) return true;
    const letter = key.toLowerCase();
    if (LETTERS[letter]) {
      tools.choose(LETTERS[letter]);
      tools.map.host.focus({ preventScroll: true }); // where arrows and Enter are heard
    }
    else if (acts[letter]) acts[letter]();
    else return false;
    return true;
  }

  /** Enter: a click of the cross where it is shown, else the end of what the mouse has drawn. */
  function enter(tools) {
    if (tools.cross.shown) tools.click(tools.cross.point());
    else tools.tool.confirm();
    return true;
  }

  /** What a key means while the map has the focus. */
  function onMap(tools, event) {
    const { key } = event;
    if (ARROWS[key]) tools.cross.walk(ARROWS[key], event.shiftKey);
    else if (key === "Enter") return enter(tools);
    else if (key === "Tab") return tools.cross.next(event.shiftKey);
    else return false;
    return true;
  }

  function undo(tools, event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return false;
    tools.step(key === "y" || event.shiftKey ? "redo" : "undo");
    return true;
  }

  /** Esc gives up what is begun, then the tool; Backspace the last point. */
  function named(tools, key) {
    if (key === "Escape") {
      if (!tools.cancel() && tools.name !== "select") tools.choose("select");
      tools.cross.hide();
      return true;
    }
    return (key === "Backspace" || key === "Delete") && tools.tool.back();
  }

  function act(tools, event) {
    if (undo(tools, event)) return true;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.target === tools.map.host && onMap(tools, event)) return true;
    if (event.key.length > 1) return named(tools, event.key);
    return root.singleKeys() && !event.repeat && single(tools, event.key);
  }

  function listen(tools) {
    const { host } = tools.map;
    host.tabIndex = 0;
    host.setAttribute("role", "application");
    host.setAttribute("aria-label", planner.texts.get("map_name"));
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing || !tools.desk.state) return;
      if (event.target.closest && event.target.closest(TYPING)) return;
      if (document.querySelector("dialog:modal")) return; // its keys are its own
      if (act(tools, event)) event.preventDefault();
    });
  }

  planner.listen = listen;
})();
