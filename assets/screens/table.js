// Tables sort by a click on a head: numbers as numbers, what is not known last.
(function () {
  "use strict";

  function value(row, column) {
    const cell = row.children[column];
    const given = cell.getAttribute("data-value");
    if (given === null) return cell.textContent;
    return given === "" ? null : Number(given);
  }

  function compare(a, b) {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang);
  }

  document.addEventListener("click", (event) => {
    const head = event.target.closest && event.target.closest('[data-sortable] th');
    if (!head) return;
    const heads = Array.from(head.parentElement.children);
    const column = heads.indexOf(head);
    const down = head.getAttribute("aria-sort") !== "descending";
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = head.closest("table").tBodies[0];
    const rows = Array.from(body.rows).map((row) => ({ row: row, value: value(row, column) }));
    rows.sort((a, b) => {
      if (a.value === null || b.value === null) return compare(a.value, b.value);
      return (down ? -1 : 1) * compare(a.value, b.value);
    });
    rows.forEach((entry) => body.appendChild(entry.row));
    showWholeRows();
  });

  /** A table ends below a whole row: half a row looks like a fault. */
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
