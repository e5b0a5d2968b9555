// Keyboard: one letter does one thing, never while somebody types, and Esc goes back one step.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const MEASURES = ["density", "arrival", "arrival_p90", "resolution", "on_time", "count"];
  const NO_FILTER = { t: null, ax: null, k: null, d: null, src: null, lv: null };
  const TWICE_MS = 600;
  const BOUNCE_MS = 1000; // a key that bounces, or whose release the print dialog swallowed
  let printed = -Infinity;
  let escaped = -Infinity; // when Esc was last pressed outside menus and fields

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
    root.go(changed(values));
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

  /** Up and down among the choices of an open menu. */
  function choose(event) {
    const menu = event.target.closest && event.target.closest("details.menu-box[open]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return false;
    const all = Array.from(menu.querySelectorAll(".menu a"));
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length].focus();
    return true;
  }

  /** Close the topmost thing that is open. */
  function escape() {
    const menu = document.querySelector("details.menu-box[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return true;
    }
    const drawer = document.querySelector(".drawer[data-close]");
    if (drawer) {
      root.go(drawer.dataset.close);
      return true;
    }
    return new URLSearchParams(window.location.search).has("table") && go({ table: null, sort: null });
  }

  /** Whether anything narrows what is counted. */
  function filtered() {
    const query = new URLSearchParams(window.location.search);
    return Object.keys(NO_FILTER).some((name) => query.has(name));
  }

  /** Esc twice in a moment takes every filter away; true where it did. */
  function twice(event) {
    if (event.repeat || document.querySelector("details.menu-box[open]")) return false;
    const now = performance.now();
    const again = now - escaped <= TWICE_MS;
    escaped = again ? -Infinity : now;
    return again && filtered() && go(NO_FILTER);
  }

  function up() {
    const state = root.map && root.map.latest;
    const href = state && state.href && state.href.up;
    if (!href) return false;
    root.go(href);
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

  /** Full screen and back; a browser that forbids it stays as it is. */
  function fullScreen() {
    const page = document.documentElement;
    if (!document.fullscreenElement && !page.requestFullscreen) return false;
    const done = document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen();
    if (done) done.catch(() => {});
    return true;
  }

  function print() {
    const last = printed;
    printed = performance.now();
    if (printed - last < BOUNCE_MS) return true;
    window.print();
    printed = performance.now(); // the dialog may have been open for long
    return true;
  }

  /** Whether there is a measure to choose: beside a building, or without cases, there is none. */
  function measured() {
    return Boolean(document.querySelector(".layers"));
  }

  const LETTERS = {
    "/": search, "?": () => root.help(), "t": () => openMenu("period"), "l": legend, "d": theme,
    "f": fullScreen, "p": print,
  };
  const NAMED = { Backspace: up, Escape: escape };

  /** Do what a key means; false where it means nothing. */
  function act(key) {
    if (key.length > 1) return NAMED[key] ? NAMED[key]() : false;
    if (!root.singleKeys()) return false;
    const digit = Number(key);
    if (digit >= 1 && digit <= MEASURES.length) {
      if (!measured()) return false;
      return go({ m: MEASURES[digit - 1], heat: null, play: null });
    }
    const action = LETTERS[key.toLowerCase()];
    return action ? action() : false;
  }

  /** Whether a key belongs to something else: a field, a dialog, a menu of its own. */
  function elsewhere(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
    const own = "input, textarea, select, [contenteditable], dialog, .cell-menu";
    return Boolean(event.target.closest && event.target.closest(own));
  }

  // Before the map, which takes Esc for itself.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || elsewhere(event) || !twice(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || elsewhere(event)) return;
    if (choose(event)) event.preventDefault();
    else if (event.repeat) return;
    else if (act(event.key)) event.preventDefault();
  });
})();
