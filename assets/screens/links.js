// Links of the page: followed without loading it anew; menus close; what was open stays in history.
(function () {
  "use strict";

  /** Whether the browser itself should follow a link. */
  function ordinary(event, link) {
    return event.defaultPrevented || event.button || event.ctrlKey || event.metaKey ||
      event.shiftKey || event.altKey || link.target || link.hasAttribute("download") ||
      !(link.getAttribute("href") || "").startsWith("?");
  }

  /** Close every open menu but the one around an element. */
  function closeMenus(around) {
    for (const menu of document.querySelectorAll("details.menu-box[open]")) {
      if (!around || !menu.contains(around)) menu.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest ? event.target : event.target.parentElement;
    const link = target && target.closest("a[href]");
    if (link && !ordinary(event, link)) {
      event.preventDefault();
      closeMenus(null);
      if (link.dataset.retry) window.location.reload();
      else window.yiping.go(link.getAttribute("href"));
      return;
    }
    closeMenus(target);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) return;
    window.yiping.copy(window.location.href).then(() => {
      const before = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = before; }, 2000);
    }, () => {});
  });

  (window.yiping = window.yiping || {}).closeMenus = closeMenus;
})();
