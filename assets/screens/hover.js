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

  const REST_MS = 120; // a pointer that only passes asks for nothing
  const KEPT_MS = 60000;
  let department = null; // row of the list that is pointed at or has the focus
  let resting = null;
  let asked = { url: "", at: 0, answer: null }; // of one screen

  /** Which cells each department has cases in: asked for once a screen, when it is first needed. */
  function met(state) {
    const url = "/met/" + state.snapshot + ".json" + window.location.search;
    if (asked.url !== url || performance.now() - asked.at > KEPT_MS) {
      const answer = fetch(url).then((response) => (response.ok ? response.json() : null));
      asked = { url, at: performance.now(), answer: answer.catch(() => null) };
    }
    return asked.answer;
  }

  /** Units with a case, from a bit for each in the order of the cells. */
  function units(text, cells) {
    const bits = atob(text);
    return cells.filter((_, i) => bits.charCodeAt(i >> 3) & (128 >> (i & 7)));
  }

  /** Dim what a department has no case of; null brings everything back. */
  function dimCells(row) {
    for (const scene of (window.yiping.map && window.yiping.map.scenes) || []) {
      const state = scene.state;
      if (!row || !state || state.heat || state.level === "building") {
        scene.dim(null);
        continue;
      }
      met(state).then((answer) => {
        const text = answer && answer[row.dataset.dept];
        if (department === row && scene.state === state && text) scene.dim(units(text, scene.cells.units));
      });
    }
  }

  /** Take up another row, or none. */
  function take(row) {
    if (row === department) return;
    department = row;
    clearTimeout(resting);
    for (const other of document.querySelectorAll("[data-dept].dim")) other.classList.remove("dim");
    if (!row) {
      dimCells(null);
      return;
    }
    for (const other of row.parentElement.querySelectorAll("[data-dept]")) {
      if (other !== row) other.classList.add("dim");
    }
    resting = setTimeout(() => dimCells(row), REST_MS);
  }

  for (const name of ["pointerover", "focusin"]) {
    document.addEventListener(name, (event) => {
      take((event.target.closest && event.target.closest("[data-dept]")) || null);
    });
  }
  window.addEventListener("yiping:go", () => take(null));
  document.documentElement.addEventListener("pointerleave", () => take(null));
})();
