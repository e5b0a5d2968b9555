// Linked highlighting: a cell under the pointer lights its rows, a row dims the others.
(function () {
  "use strict";

  function light(name, value) {
    for (const row of document.querySelectorAll("[data-" + name + "].lit")) row.classList.remove("lit");
    if (value === undefined || value === null) return;
    for (const row of document.querySelectorAll("[data-" + name + '="' + CSS.escape(String(value)) + '"]')) {
      row.classList.add("lit");
    }
  }

  document.addEventListener("yiping:hover", (event) => light("unit", event.detail && event.detail.id));

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
