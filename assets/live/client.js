/* The live client: asks one small versioned state, tells how old the data are, and never grows.
 *
 * It writes text into [data-live="age"], data-live-state (fresh, amber, red) on <html> and on every
 * [data-live-source="key"], shows a strip while the server does not answer, and hands a new version
 * to the store "refresh". Clocks of the browser are not believed: ages come from the server's clock
 * and the monotonic one here.
 */
(function () {
  "use strict";

  var ASK_EVERY_MS = 5000;
  var GIVE_UP_MS = 5000;
  var WAIT_MOST_MS = 8000; // so that a server that is back is noticed within ten seconds
  var REFRESH_EVERY_MS = 60000;
  var AMBER_S = 10;
  var RED_S = 300;
  var RELOADED = "yiping-reloaded";
  var STRIP = "live-strip";
  var OPENING = "opening"; // stands as long as nothing was ever shown

  var yiping = (window.yiping = window.yiping || {});
  var page = document.documentElement;

  var state = null; // the last state the server gave
  var tag = ""; // its ETag
  var serverNow = 0; // epoch seconds the server showed …
  var heardAt = performance.now(); // … at this monotonic moment; before that, when the page began
  var failures = 0;
  var shownVersion = null;
  var shownSnapshot = null;
  var refreshedAt = performance.now(); // the page has just been answered
  var pressed = false; // somebody is dragging; nothing may change under the finger

  function seconds(sinceMs) {
    return Math.max(0, (performance.now() - sinceMs) / 1000);
  }

  /** Whether somebody has a menu or a dialog open or is typing: a refresh would take it away. */
  function engaged() {
    var at = document.activeElement;
    var typing = at && (at.tagName === "INPUT" || at.tagName === "SELECT");
    return Boolean(typing || document.querySelector("details[open], dialog[open], [role=menu]:not([hidden])"));
  }

  function busy() {
    return pressed || Boolean(yiping.busy) || engaged();
  }

  function ask() {
    var giveUp = new AbortController();
    var timer = setTimeout(function () {
      giveUp.abort();
    }, GIVE_UP_MS);
    var headers = tag ? { "If-None-Match": tag } : {};
    fetch("/live/state", { headers: headers, signal: giveUp.signal, cache: "no-store" })
      .then(read)
      .then(hear, miss)
      .then(function (waitMs) {
        clearTimeout(timer);
        setTimeout(ask, waitMs);
      });
  }

  function read(response) {
    if (response.status !== 304 && !response.ok) {
      throw new Error("status " + response.status);
    }
    var now = Number(response.headers.get("X-Yiping-Now"));
    var newTag = response.headers.get("ETag") || "";
    if (response.status === 304) {
      return { now: now, tag: tag, body: state };
    }
    return response.json().then(function (body) {
      return { now: now || body.now, tag: newTag, body: body };
    });
  }

  function hear(heard) {
    if (failures && document.getElementById(OPENING)) {
      location.reload(); // what the page asked for first was lost
    }
    failures = 0;
    heardAt = performance.now();
    serverNow = heard.now;
    tag = heard.tag;
    state = heard.body;
    if (shownVersion === null) {
      shownVersion = state.version;
      shownSnapshot = state.snapshot;
    }
    reloadIfNewBuild();
    refreshIfNewVersion();
    show();
    return ASK_EVERY_MS;
  }

  function miss() {
    failures += 1;
    show();
    return Math.min(WAIT_MOST_MS, 1000 * Math.pow(2, failures - 1));
  }

  function reloadIfNewBuild() {
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

  function refreshIfNewVersion() {
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

  function grade(ageS, amberS, redS) {
    return ageS >= redS ? "red" : ageS >= amberS ? "amber" : "fresh";
  }

  function put(element, name, value) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }

  function words(prefix, ageS, texts) {
    var steps = [
      ["seconds", 1, 60],
      ["minutes", 60, 60],
      ["hours", 3600, 48],
      ["days", 86400, Infinity],
    ];
    for (var i = 0; i < steps.length; i += 1) {
      var n = Math.floor(ageS / steps[i][1]);
      if (n < steps[i][2]) {
        return texts[prefix + steps[i][0]].replace("{n}", String(n));
      }
    }
    return "";
  }

  function ageText(lostS, dataS, texts) {
    if (lostS >= AMBER_S) {
      var said = document.getElementById(OPENING) ? texts.none : texts.lost;
      return said.replace("{age}", words("for_", lostS, texts));
    }
    if (state.clock === "data") {
      return texts.until.replace("{date}", state.until);
    }
    return dataS < 1 ? texts.now : words("", dataS, texts);
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
    var lostS = seconds(heardAt);
    put(page, "data-live-state", grade(lostS, AMBER_S, RED_S));
    if (!state) {
      return;
    }
    var nowS = serverNow + (state.clock === "data" ? 0 : lostS);
    var language = page.lang.slice(0, 2) === "en" ? "en" : "zh";
    var text = ageText(lostS, Math.max(0, nowS - state.newest), state.text[language]);
    write(strip(), lostS >= AMBER_S ? text : "");
    document.querySelectorAll('[data-live="age"]').forEach(function (element) {
      write(element, text);
    });
    showSources(nowS);
  }

  function showSources(nowS) {
    state.sources.forEach(function (source) {
      var amberS = Math.max(AMBER_S, 2 * source.interval_s);
      var redS = Math.max(AMBER_S, 10 * source.interval_s);
      var ageS = state.clock === "data" ? 0 : nowS - source.newest;
      var selector = '[data-live-source="' + CSS.escape(source.key) + '"]';
      document.querySelectorAll(selector).forEach(function (element) {
        put(element, "data-live-state", grade(ageS, amberS, redS));
      });
    });
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
  ask();
})();
