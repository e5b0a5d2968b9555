// Tables end below a whole row.
(function () {
  "use strict";

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

  window.addEventListener("resize", showWholeRows);
  window.addEventListener("yiping:look", () => requestAnimationFrame(() => requestAnimationFrame(showWholeRows)));
})();
