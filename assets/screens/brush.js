// The brush of the timeline: a stretch that is drawn becomes the period of the address.
(function () {
  "use strict";
  const LEAST_MS = 3600000;

  /** The minute as the address writes it. */
  function minute(value) {
    return String(value).replace(" ", "T").slice(0, 16).padEnd(16, "T00:00".slice(-6));
  }

  /** Follow one chart; it stays the same element for the life of the page. */
  function follow(chart, box) {
    if (chart.yipingBrush) return;
    chart.yipingBrush = true;
    chart.on("plotly_selecting", () => { window.yiping.busy = true; });
    chart.on("plotly_deselect", () => { window.yiping.busy = false; });
    chart.on("plotly_selected", (event) => {
      window.yiping.busy = false;
      const range = event && event.range && event.range.x;
      if (!range || new Date(range[1]) - new Date(range[0]) < LEAST_MS) return;
      const [first, last] = [range[0], range[1]].map(minute).sort();
      const pattern = box.closest("[data-brush]").dataset.brush;
      window.yiping.go(pattern.replace("PERIOD", first + ".." + last));
    });
  }

  for (const name of ["pointerdown", "pointerover"]) {
    document.addEventListener(name, (event) => {
      const box = event.target.closest && event.target.closest("[data-brush]");
      const chart = box && box.querySelector(".js-plotly-plot");
      if (chart && chart.on) follow(chart, box);
    }, true);
  }
})();
