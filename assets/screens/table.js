// Tables end below a whole row, and whoever sorts by a head stays at it.
(function () {
  "use strict";
  let sorting = null; // {box, column, left}: the head that was pressed, in which table, and how far that was moved

  /** Half a row looks like a fault. */
  function showWholeRows() {
    for (const box of document.querySelectorAll(".map-table .table-wrap")) {
      box.style.maxHeight = "";
      const room = box.clientHeight;
      if (box.scrollHeight <= room) continue;
      const table = box.querySelector("table");
      let height = table.tHead.offsetHeight;
      for (const row of table.tBodies[0].rows) {
        if (height + row.offsetHeight > room) break;
        height += row.offsetHeight;
      }
      box.style.maxHeight = height + "px";
    }
  }

  /** The answer brings another table: the same head has the keyboard, and is where it was. */
  function goOn() {
    const box = document.querySelector(".map-table .table-wrap");
    if (box && sorting && box === sorting.box) return; // the answer is still to come
    if (box && sorting) {
      box.scrollLeft = sorting.left;
      const head = box.querySelector("table").tHead.rows[0].cells[sorting.column];
      const free = !document.activeElement || document.activeElement === document.body;
      if (head && free) head.querySelector("a").focus({ preventScroll: true });
    }
    sorting = null;
  }

  window.addEventListener("yiping:go", () => {
    const head = document.activeElement && document.activeElement.closest(".map-table th");
    const box = head && head.closest(".table-wrap");
    sorting = head && { box, column: head.cellIndex, left: box.scrollLeft };
  });
  window.addEventListener("resize", showWholeRows);
  window.addEventListener("yiping:look", () => requestAnimationFrame(() => requestAnimationFrame(() => {
    showWholeRows();
    goOn();
  })));
})();
