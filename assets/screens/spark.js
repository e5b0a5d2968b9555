// Sparklines: canvases with data-spark="1,2,,3" are painted in their own text colour, gaps included.
(function () {
  "use strict";
  const PAD = 4;

  function read(canvas) {
    return canvas.dataset.spark.split(",").map((text) => (text === "" ? null : Number(text)));
  }

  function paint(canvas) {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const values = read(canvas);
    const known = values.filter((value) => value !== null);
    const low = Math.min.apply(null, known);
    const span = Math.max.apply(null, known) - low || 1;
    const x = (i) => PAD + (i / Math.max(1, values.length - 1)) * (width - 2 * PAD);
    const y = (value) => height - PAD - ((value - low) / span) * (height - 2 * PAD);
    const style = getComputedStyle(canvas);
    pen.strokeStyle = style.color;
    pen.lineWidth = 1.3;
    pen.lineJoin = "round";
    const places = values.map((_, i) => i).filter((i) => values[i] !== null);
    // Over a gap the line only leads on, faint and broken: nothing is known there.
    const line = (gap) => {
      pen.globalAlpha = gap ? 0.6 : 1;
      pen.setLineDash(gap ? [1, 3] : []);
      pen.beginPath();
      places.forEach((i, at) => {
        const joined = at > 0 && (i - places[at - 1] > 1) === gap;
        if (joined && gap) pen.moveTo(x(places[at - 1]), y(values[places[at - 1]]));
        if (joined) pen.lineTo(x(i), y(values[i]));
        else pen.moveTo(x(i), y(values[i]));
      });
      pen.stroke();
    };
    line(false);
    line(true);
    pen.globalAlpha = 1;
    const last = places[places.length - 1];
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--t1").trim();
    pen.beginPath();
    pen.arc(x(last), y(values[last]), 2.4, 0, 2 * Math.PI);
    pen.fill();
  }

  let due = false;

  /** Paint all of them once, after the page has settled. */
  function all() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      document.querySelectorAll("canvas[data-spark]").forEach(paint);
    });
  }

  new MutationObserver(all).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-spark", "data-theme", "data-mode"],
  });
  window.addEventListener("resize", all);
  window.addEventListener("yiping:look", all);
})();
