// Moments of the server in the city's zone: neither clock nor zone of the browser's machine counts.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const SHAPES = {
    time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    exact: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    day: { month: "2-digit", day: "2-digit" },
    date: { year: "numeric", month: "long", day: "numeric" },
    weekday: { weekday: "long" },
    full: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  };
  const LOCALES = { zh: "zh-CN", en: "en-GB" };
  const made = new Map();

  function formatter(shape, zone, language) {
    const key = [shape, zone, language].join("|");
    if (!made.has(key)) {
      const options = { ...SHAPES[shape], timeZone: zone || "UTC" };
      made.set(key, new Intl.DateTimeFormat(LOCALES[language] || LOCALES.zh, options));
    }
    return made.get(key);
  }

  /** Epoch seconds as `shape`. */
  function say(shape, epochS, zone, language) {
    return formatter(shape, zone, language).format(epochS * 1000);
  }

  /** The day as the head has it. */
  function date(epochS, zone, language) {
    if (language === "en") return say("full", epochS, zone, language);
    return `${say("date", epochS, zone, language)} ${say("weekday", epochS, zone, language)}`;
  }

  /** The time, with the day where it is another one than now. */
  function since(epochS, nowS, zone, language) {
    const time = say("time", epochS, zone, language);
    const day = say("day", epochS, zone, language);
    if (day === say("day", nowS, zone, language) && Math.abs(nowS - epochS) < 2 * 86400) return time;
    return `${day.replace("/", "-")} ${time}`;
  }

  wall.moments = { say, date, since };
})();
