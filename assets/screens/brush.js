// The brush of the timeline: a stretch that is drawn becomes the period of the address, in whole steps.
(function () {
  "use strict";
  const STEPS_MS = { hour: 3600000, day: 86400000 };
  const DAY_MS = STEPS_MS.day;
  const LEAST = 0.25; // of a step; less is a click that slipped

  /** A moment of the chart, in the city's own clock, as a number to reckon with. */
  function moment(value) {
    const text = String(value).replace(" ", "T");
    return Date.parse((text.length > 10 ? text : text + "T00:00") + "Z");
  }

  /** The period of a stretch as the address writes it: whole days without a clock, else whole hours. */
  function period(range, size) {
    const [from, to] = range.map(moment).sort((a, b) => a - b);
    if (!(to - from >= size * LEAST)) return "";
    let first = Math.round(from / size) * size;
    let last = Math.round(to / size) * size;
    if (last <= first) {
      first = Math.floor(from / size) * size;
      last = first + size;
    }
    const whole = first % DAY_MS === 0 && last % DAY_MS === 0;
    const write = (at) => new Date(at).toISOString().slice(0, whole ? 10 : 16);
    return write(first) + ".." + write(whole ? last - DAY_MS : last);
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
      const about = box.closest("[data-brush]").dataset;
      const found = range && period(range, STEPS_MS[about.step] || DAY_MS);
      if (found) window.yiping.go(about.brush.replace("PERIOD", found));
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
