// Focus: into the drawer when the keyboard opens it, and back to what it was opened from.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  let origin = null; // {at, link}: the building that was opened, and whether by a link

  const place = (search) => new URLSearchParams(search).get("at");
  const isFree = () => !document.activeElement || document.activeElement === document.body;

  /** The link on the page that leads to a place. */
  function linkTo(at) {
    return Array.from(document.querySelectorAll('.overlay a[href^="?"], .side a[href^="?"]'))
      .find((link) => place(link.getAttribute("href")) === at);
  }

  function back() {
    const link = origin.link && linkTo(origin.at);
    const target = link || document.querySelector(".city-map");
    origin = null;
    if (target) target.focus({ preventScroll: true });
  }

  window.addEventListener("yiping:go", (event) => {
    const drawer = document.querySelector(".drawer");
    if (drawer) {
      if (drawer.contains(document.activeElement)) document.activeElement.blur();
      return;
    }
    const link = document.activeElement && document.activeElement.closest("a[href]");
    const at = place(event.detail.search);
    origin = { at: at, link: Boolean(link) && place(link.getAttribute("href")) === at };
  });

  window.addEventListener("yiping:look", () => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const drawer = document.querySelector(".drawer");
      if (drawer && origin && isFree() && drawer !== document.activeElement) {
        drawer.tabIndex = -1;
        drawer.focus({ preventScroll: true });
      } else if (!drawer && root.wasDrawer) {
        if (origin && (isFree() || document.activeElement.closest(".city-map"))) back();
      }
      root.wasDrawer = Boolean(drawer);
    }));
  });
})();
