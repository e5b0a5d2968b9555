// The wall by keyboard: arrows move the tour, Space pauses, Esc sees to an alert or goes on; nothing else.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const GIVE_UP_MS = 5000;

  /** What a key asks of the server, given the state; null where it means nothing. */
  function meant(key, { look, focus }) {
    if (key === "ArrowLeft") return { do: "previous" };
    if (key === "ArrowRight") return { do: "next" };
    if (key === " ") return { do: look.paused ? "resume" : "pause" };
    if (key !== "Escape") return null;
    if (focus && focus.alert) return { do: "acknowledge", alert: focus.alert }; // the one that was seen
    return look.frozen ? { do: "thaw" } : look.paused ? { do: "resume" } : null;
  }

  /** Tell the server; the answer comes with the next state. */
  function send(act, done) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), GIVE_UP_MS);
    return fetch("/wall/command", {
      method: "POST", signal: giveUp.signal, body: JSON.stringify(act),
      headers: { "Content-Type": "application/json" },
    }).then(done, () => null).then(() => clearTimeout(timer));
  }

  /** Before every other listener of the page, none of which is meant for a wall. */
  function listen(asking) {
    window.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.startsWith("F")) return;
      event.stopImmediatePropagation();
      const act = asking.state && meant(event.key, asking.state);
      if (!act) return;
      event.preventDefault();
      if (!event.repeat) send(act, () => asking.ask());
    }, true);
  }

  wall.listen = listen;
})();
