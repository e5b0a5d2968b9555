/* The live client of the screens: tells how old the data are, and never grows.
 *
 * It writes text into [data-live="age"], data-live-state (fresh, amber, red) on <html> and on every
 * [data-live-source="key"], shows a strip while the server does not answer, and hands a new version
 * to the store "refresh". The wall has its own (assets/wall), on the same asking and ageing.
 */
(function () {
  "use strict";

  var ASK_EVERY_MS = 5000;
  var WAIT_MOST_MS = 8000; // so that a server that is back is noticed within ten seconds
  var REFRESH_EVERY_MS = 60000;
  var RELOADED = "yiping-reloaded";
  var STRIP = "live-strip";
  var OPENING = "opening"; // stands as long as nothing was ever shown
  var WALL = /\/wall\/?$/; // has its own client

  var yiping = (window.yiping = window.yiping || {});
  var page = document.documentElement;
  var ages = yiping.ages;

  var asking = new yiping.Asking({
    address: "/live/state",
    everyMs: ASK_EVERY_MS,
    waitMostMs: WAIT_MOST_MS,
    heard: hear,
    missed: show,
  });
  var shownVersion = null;
  var shownSnapshot = null;
  var refreshedAt = performance.now(); // the page has just been answered
  var pressed = false; // somebody is dragging; nothing may change under the finger

  /** Whether somebody has a menu or a dialog open or is typing: a refresh would take it away. */
  function engaged() {
    var at = document.activeElement;
    var typing = at && (at.tagName === "INPUT" || at.tagName === "SELECT");
    return Boolean(typing || document.querySelector("details[open], dialog[open], [role=menu]:not([hidden])"));
  }

  function busy() {
    return pressed || Boolean(yiping.busy) || engaged();
  }

  function hear(state, failures) {
    if (failures && document.getElementById(OPENING)) {
      location.reload(); // what the page asked for first was lost
    }
    if (shownVersion === null) {
      shownVersion = state.version;
      shownSnapshot = state.snapshot;
    }
    reloadIfNewBuild(state);
    refreshIfNewVersion(state);
    show();
  }

  function reloadIfNewBuild(state) {
    var own = page.getAttribute("data-build");
    if (!own || own === state.build || busy()) {
      return;
    }
    try {
      if (sessionStorage.getItem(RELOADED) === state.build) {
        return; // once is enough; two servers of different age must not make us flicker
      }
      sessionStorage.setItem(RELOADED, state.build);
    } catch (error) {
      return; // without a memory we could reload for ever
    }
    location.reload();
  }

  function refreshIfNewVersion(state) {
    var dash = window.dash_clientside;
    var ready = dash && dash.set_props && document.querySelector('[data-live="age"]');
    if (state.version === shownVersion || busy() || !ready) {
      return;
    }
    // New figures may wait a minute; another city may not.
    var sameCity = state.snapshot === shownSnapshot;
    if (sameCity && performance.now() - refreshedAt < REFRESH_EVERY_MS) {
      return;
    }
    refreshedAt = performance.now();
    shownSnapshot = state.snapshot;
    shownVersion = state.version;
    dash.set_props("refresh", { data: state.version });
  }

  function put(element, name, value) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }

  function ageText(lostS, dataS, texts) {
    if (lostS >= ages.AMBER_S) {
      var said = document.getElementById(OPENING) ? texts.none : texts.lost;
      return said.replace("{age}", ages.words("for_", lostS, texts));
    }
    if (asking.state.clock === "data") {
      return texts.until;
    }
    return dataS < 1 ? texts.now : ages.words("", dataS, texts);
  }

  function strip() {
    var found = document.getElementById(STRIP);
    if (!found) {
      found = document.createElement("div");
      found.id = STRIP;
      found.setAttribute("role", "status");
      document.body.appendChild(found);
    }
    return found;
  }

  function write(element, text) {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  function show() {
    var lostS = asking.lost();
    var state = asking.state;
    put(page, "data-live-state", ages.ofServer(lostS));
    if (!state) {
      return;
    }
    var nowS = state.clock === "data" ? asking.serverNow : asking.now();
    var language = page.lang.slice(0, 2) === "en" ? "en" : "zh";
    var text = ageText(lostS, Math.max(0, nowS - state.newest), state.text[language]);
    write(strip(), lostS >= ages.AMBER_S ? text : "");
    document.querySelectorAll('[data-live="age"]').forEach(function (element) {
      write(element, text);
    });
    showSources(state, nowS);
  }

  function showSources(state, nowS) {
    state.sources.forEach(function (source) {
      var ageS = state.clock === "data" ? 0 : nowS - source.newest;
      var selector = '[data-live-source="' + CSS.escape(source.key) + '"]';
      document.querySelectorAll(selector).forEach(function (element) {
        put(element, "data-live-state", ages.ofSource(ageS, source.interval_s));
      });
    });
  }

  if (WALL.test(location.pathname)) {
    return;
  }
  window.addEventListener("pointerdown", function () {
    pressed = true;
  });
  ["pointerup", "pointercancel", "blur"].forEach(function (end) {
    window.addEventListener(end, function () {
      pressed = false;
    });
  });
  setInterval(show, 1000);
  asking.ask();
})();
