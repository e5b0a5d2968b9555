// The one rule of what is stale, and ages in words: for every screen, by the server's clock.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const AMBER_S = 10; // without the server
  const RED_S = 300;
  const AMBER_TIMES = 2; // of a source's interval, but never sooner than without the server
  const RED_TIMES = 10;
  const STEPS = [
    ["seconds", 1, 60],
    ["minutes", 60, 60],
    ["hours", 3600, 48],
    ["days", 86400, Infinity],
  ];

  /** Fresh, amber or red. */
  function grade(ageS, amberS, redS) {
    return ageS >= redS ? "red" : ageS >= amberS ? "amber" : "fresh";
  }

  /** What is thought of a server that has been silent for so long. */
  function ofServer(lostS) {
    return grade(lostS, AMBER_S, RED_S);
  }

  /** What is thought of a source whose newest case is so old. */
  function ofSource(ageS, intervalS) {
    return grade(ageS, Math.max(AMBER_S, AMBER_TIMES * intervalS), Math.max(AMBER_S, RED_TIMES * intervalS));
  }

  /** An age in words: the text of `prefix` and the unit that fits. */
  function words(prefix, ageS, texts) {
    for (const [name, length, most] of STEPS) {
      const n = Math.floor(Math.max(0, ageS) / length);
      if (n < most) return (texts[prefix + name] || "{n}").replace("{n}", String(n));
    }
    return "";
  }

  root.ages = { AMBER_S, ofServer, ofSource, words };
})();
