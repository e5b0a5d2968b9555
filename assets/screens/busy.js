// Waiting: after a click whose answer takes its time, what still tells of the old place is marked as busy.
(function () {
  "use strict";
  const PATIENCE_MS = 150;
  const PARTS = ["frame", "body", "timeline"];
  const LOADING = "data-dash-is-loading"; // Dash sets it while an answer is due
  let asked = 0; // when somebody went elsewhere, as long as no answer has come
  let shown = window.location.search;
  let timer = null;

  const parts = () => PARTS.map((id) => document.getElementById(id)).filter(Boolean);

  function mark(busy) {
    for (const part of parts()) {
      if (busy) part.setAttribute("aria-busy", "true");
      else part.removeAttribute("aria-busy");
    }
  }

  /** The answer is here, or there will be none. */
  function answered() {
    clearTimeout(timer);
    timer = null;
    asked = 0;
    shown = window.location.search;
    mark(false);
    window.dispatchEvent(new CustomEvent("yiping:settled"));
  }

  /** Dash has begun to wait, or has stopped. */
  function watch() {
    if (!parts().some((part) => part.hasAttribute(LOADING))) answered();
    else if (asked && timer === null) {
      timer = setTimeout(() => mark(true), Math.max(0, asked + PATIENCE_MS - performance.now()));
    }
  }

  /** Somebody goes elsewhere; a refresh of the same place is no reason to mark anything. */
  function leave() {
    if (window.location.search === shown || asked) return;
    asked = performance.now();
  }

  window.addEventListener("yiping:go", leave);
  window.addEventListener("popstate", leave);
  new MutationObserver(watch).observe(document.documentElement, {
    subtree: true, attributes: true, attributeFilter: [LOADING],
  });
})();
