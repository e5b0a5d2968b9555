// Printing: on paper everything is light, the map too; afterwards the page is as before.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const page = document.documentElement;
  const RAMPS = ["s1", "s2", "s3", "s4", "s5", "d1", "d2", "d3", "d4", "d5", "d6", "d7"];
  let before = null;

  function ramps() {
    const style = getComputedStyle(page);
    return RAMPS.map((name) => style.getPropertyValue("--" + name).trim());
  }

  /** The classes of the map in the colours of the theme that the legend now has. */
  function recolour(from, to) {
    for (const scene of (root.map && root.map.scenes) || []) {
      const state = scene.state;
      if (!state || !state.palette) continue;
      const palette = state.palette.map((colour) => {
        const i = from.findIndex((other) => other.toLowerCase() === colour.toLowerCase());
        return i < 0 ? colour : to[i];
      });
      scene.state = Object.assign({}, state, { palette: palette });
      scene.colours.forget();
      scene.repaint();
    }
  }

  function wear(theme) {
    const old = ramps();
    page.dataset.theme = theme;
    recolour(old, ramps());
  }

  window.addEventListener("beforeprint", () => {
    before = page.dataset.theme;
    if (before !== "light") wear("light");
  });

  window.addEventListener("afterprint", () => {
    if (before && before !== "light") wear(before);
    before = null;
  });
})();
