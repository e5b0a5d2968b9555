// Classes of the legend: one that is pressed stays, the others sink into the ground of the map.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const SUNK = 0.86;
  let chosen = null; // number of the class
  let meaning = ""; // what the classes meant when one was chosen

  const buttons = () => Array.from(document.querySelectorAll("#legend button[data-class]"));
  const means = () => JSON.stringify(buttons().map((button) => button.getAttribute("aria-label")));

  /** The state as the server gave it, or with all classes but one sunk. */
  function dimmed(state, scene) {
    if (chosen === null) return state;
    const ground = scene.colours.get("map-ground");
    const bare = scene.colours.get("nodata");
    const palette = state.palette.map((colour, i) =>
      (i === chosen ? colour : root.map.mix(colour, ground, SUNK)));
    return Object.assign({}, state, { palette: palette, hatch: { ground: bare, line: bare } });
  }

  function paint() {
    const state = root.map && root.map.latest;
    for (const button of buttons()) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.class) === chosen));
    }
    for (const scene of (state && root.map.scenes) || []) scene.apply(dimmed(state, scene));
  }

  (root.map = root.map || {}).dimmed = dimmed;

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#legend button[data-class]");
    if (!button) return;
    const number = Number(button.dataset.class);
    chosen = chosen === number ? null : number;
    meaning = means();
    paint();
  });

  /** A new answer has painted all classes again: dim them unless they now mean something else. */
  window.addEventListener("yiping:look", () => {
    if (chosen === null) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (means() !== meaning) chosen = null;
      paint();
    }));
  });
})();
