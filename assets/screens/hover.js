// Linked highlighting: a cell and its rows light each other, a department dims the others.
(function () {
  "use strict";

  function light(name, value) {
    for (const row of document.querySelectorAll("[data-" + name + "].lit")) row.classList.remove("lit");
    if (value === undefined || value === null) return;
    for (const row of document.querySelectorAll("[data-" + name + '="' + CSS.escape(String(value)) + '"]')) {
      row.classList.add("lit");
    }
  }

  /** Outline the cell of a row on the map; null takes the outline away. */
  function outline(unit) {
    for (const scene of (window.yiping.map && window.yiping.map.scenes) || []) {
      const known = unit !== null && scene.state && scene.cells.index.has(unit);
      scene.point("hover", known ? { layer: scene.state.level, id: unit } : null);
    }
  }

  document.addEventListener("yiping:hover", (event) => {
    const found = event.detail;
    light("unit", found && found.layer !== "buildings" ? found.id : null);
  });

  /** The row of a unit that is pointed at or has the focus. */
  let pointed = null;

  for (const name of ["pointerover", "focusin"]) {
    document.addEventListener(name, (event) => {
      const target = event.target.closest ? event.target : event.target.parentElement;
      if (!target) return;
      if (!target.closest(".city-map")) light("unit", null);
      const row = target.closest("[data-unit]");
      if (row === pointed) return;
      pointed = row;
      if (row || !target.closest(".city-map")) outline(row ? Number(row.dataset.unit) : null);
    });
  }

  document.addEventListener("pointerover", (event) => {
    const row = event.target.closest && event.target.closest("[data-dept]");
    const list = row && row.parentElement;
    for (const other of document.querySelectorAll("[data-dept].dim")) other.classList.remove("dim");
    if (!list) return;
    for (const other of list.querySelectorAll("[data-dept]")) {
      if (other !== row) other.classList.add("dim");
    }
  });
})();
