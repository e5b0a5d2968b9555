// The help: a dialog whose text comes with every answer, and the switch that turns single keys off.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const KEPT = "yiping-single-keys";
  let off = false; // where the browser keeps nothing, it holds for this page

  /** Whether single letters do something; the choice stays in this browser. */
  function singleKeys() {
    try {
      return (window.localStorage.getItem(KEPT) || "on") !== "off";
    } catch (error) {
      return !off;
    }
  }

  function keep(on) {
    off = !on;
    try {
      window.localStorage.setItem(KEPT, on ? "on" : "off");
    } catch (error) { /* a browser without storage */ }
  }

  function mark(dialog) {
    const button = dialog.querySelector("[data-single-keys]");
    if (button) button.setAttribute("aria-checked", String(singleKeys()));
  }

  /** Open the dialog with the text of the present language. */
  function help() {
    const dialog = document.getElementById("help");
    const text = document.querySelector(".help-text");
    if (!dialog || !text || !dialog.showModal || dialog.open) return false;
    while (dialog.firstChild) dialog.firstChild.remove();
    const copy = text.cloneNode(true);
    while (copy.firstChild) dialog.appendChild(copy.firstChild);
    dialog.setAttribute("aria-label", dialog.querySelector("h2").textContent);
    mark(dialog);
    dialog.showModal();
    return true;
  }

  /** Keep the focus among the buttons: the browser would let it leave the page. */
  function trap(event, dialog) {
    const stops = Array.from(dialog.querySelectorAll("button"));
    const at = stops.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
    stops[(at + stops.length) % stops.length].focus();
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest && event.target.closest("dialog#help");
    if (!dialog) return;
    if (event.key === "Tab") trap(event, dialog);
    else if (event.key === "?") dialog.close();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-help")) help();
    else if (button.hasAttribute("data-single-keys")) {
      keep(!singleKeys());
      mark(button.closest("dialog"));
    } else if (button.hasAttribute("data-close") && button.closest("dialog")) {
      button.closest("dialog").close();
    }
  });

  root.help = help;
  root.singleKeys = singleKeys;
})();
