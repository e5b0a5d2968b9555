// The shape of the page gives way to the page with the first answer; where none comes it says so.
(function () {
  "use strict";
  const LOADING = "data-dash-is-loading"; // Dash sets it while an answer is due
  const PATIENCE_MS = 1000;
  const opening = document.getElementById("opening");
  const entry = document.getElementById("react-entry-point");
  let waited = false;
  if (!opening || !entry) return;

  /** Dash has stopped waiting, and still there is nothing to see. */
  function tell() {
    if (opening.isConnected) opening.querySelector(".opening-word").textContent = opening.dataset.none;
  }

  function look() {
    if (entry.querySelector(".header")) {
      watcher.disconnect();
      opening.remove();
    } else if (entry.querySelector(`[${LOADING}]`)) waited = true;
    else if (waited) setTimeout(tell, PATIENCE_MS);
  }

  const watcher = new MutationObserver(look);
  watcher.observe(entry, { subtree: true, childList: true, attributes: true, attributeFilter: [LOADING] });
})();
