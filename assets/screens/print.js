// Printing: on paper everything is light, the map too; afterwards the page is as before.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const page = document.documentElement;
  const media = window.matchMedia("print");
  let before = null; // the theme, and how each map was, while the page is on paper

  const scenes = () => Array.from((root.map && root.map.scenes) || []);

  /** Charts as wide as their boxes are now. */
  function resize() {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      if (window.Plotly && chart.offsetParent) window.Plotly.relayout(chart, { autosize: true });
    }
  }

  /** Wear the paper's colours and sizes: `.printing` gives boxes the size they have on paper. */
  function enter() {
    if (before) return;
    before = { theme: page.dataset.theme, maps: new Map() };
    page.dataset.theme = "light";
    page.classList.add("printing");
    for (const scene of scenes()) before.maps.set(scene, root.map.paper.put(scene));
    resize();
  }

  function leave() {
    if (!before) return;
    const { theme, maps } = before;
    before = null;
    page.dataset.theme = theme;
    page.classList.remove("printing");
    for (const [scene, was] of maps) root.map.paper.takeBack(scene, was);
    resize();
  }

  window.addEventListener("beforeprint", enter);
  window.addEventListener("afterprint", leave);
  media.addEventListener("change", () => (media.matches ? enter() : leave()));

  /** A new answer wears the colours of the screen: put it on paper anew. */
  window.addEventListener("yiping:look", () => {
    if (!media.matches) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (before) {
        before.maps.clear(); // what was there before the answer is gone
        leave();
      }
      if (media.matches) enter();
    }));
  });
})();
