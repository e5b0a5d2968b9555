// Keyboard: one letter does one thing, never while somebody types, and Esc goes back one step.
(function () {
  "use strict";
  const MEASURES = ["density", "arrival", "arrival_p90", "resolution", "on_time", "count"];

  /** The present query with some letters changed; null takes a letter away. */
  function changed(values) {
    const query = new URLSearchParams(window.location.search);
    for (const name of Object.keys(values)) {
      if (values[name] === null) query.delete(name);
      else query.set(name, values[name]);
    }
    return "?" + query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":");
  }

  function go(values) {
    window.yiping.go(changed(values));
    return true;
  }

  function openMenu(key) {
    const menu = document.querySelector('details[data-menu="' + key + '"]');
    if (!menu) return false;
    menu.open = true;
    const first = menu.querySelector(".menu a");
    if (first) first.focus();
    return true;
  }

  function help() {
    const dialog = document.getElementById("help");
    if (!dialog || !dialog.showModal) return false;
    if (dialog.open) dialog.close();
    else dialog.showModal();
    return true;
  }

  /** Close the topmost thing that is open. */
  function escape() {
    const dialog = document.getElementById("help");
    if (dialog && dialog.open) return false; // the browser closes it
    const menu = document.querySelector("details.menu-box[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return true;
    }
    const drawer = document.querySelector(".drawer[data-close]");
    if (drawer) {
      window.yiping.go(drawer.dataset.close);
      const host = document.querySelector(".city-map");
      if (host) host.focus();
      return true;
    }
    return new URLSearchParams(window.location.search).has("table") && go({ table: null });
  }

  function up() {
    const state = window.yiping.map && window.yiping.map.latest;
    const href = state && state.href && state.href.up;
    if (!href) return false;
    window.yiping.go(href);
    return true;
  }

  function legend() {
    const element = document.getElementById("legend");
    if (element) element.focus();
    return Boolean(element);
  }

  function theme() {
    return go({ theme: document.documentElement.dataset.theme === "light" ? "dark" : "light" });
  }

  function search() {
    const input = document.querySelector(".search input");
    if (input) input.focus();
    return Boolean(input);
  }

  const ACTIONS = {
    "/": search, "?": help, "t": () => openMenu("period"), "l": legend, "d": theme,
    "Backspace": up, "Escape": escape,
  };

  /** Do what a key means; false where it means nothing. */
  function act(key) {
    const digit = Number(key);
    if (digit >= 1 && digit <= MEASURES.length) {
      return go({ m: MEASURES[digit - 1], heat: null, play: null });
    }
    const action = ACTIONS[key.length === 1 ? key.toLowerCase() : key];
    return action ? action() : false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest && event.target.closest("input, textarea, [contenteditable]");
    if (typing && event.key !== "Escape") return;
    if (act(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("dialog [data-close]");
    if (button) button.closest("dialog").close();
  });
})();
