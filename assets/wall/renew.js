// Renewal without a blank frame: the page is loaded a second time over itself, and fades in once it shows
// the city; then the first one rests below it. So a new build, every night, or after too much memory.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const READY = "yiping-wall-ready"; // said by the page above once it shows the city
  const ASK = "yiping-wall-renew"; // … and when it wants to be renewed itself
  const PATIENCE_MS = 25000;
  const AGAIN_MS = 20000;
  const FADE_MS = 600;
  const MOST_BYTES = 1.5e9;
  const YOUNG_S = 3600; // not at night what was loaded just before
  const NIGHT_H = 4;
  const framed = window.parent !== window;
  let stop = () => {};
  let above = null; // the frame that shows, once there was a renewal
  let coming = null;
  let triedAt = -Infinity;

  /** Take the frame that did not come in time away again; what shows goes on. */
  function giveUp(frame) {
    if (coming !== frame) return;
    coming = null;
    frame.remove();
  }

  /** The new page shows the city: fade it in, then let the old one go. */
  function take(frame) {
    coming = null;
    const old = above;
    above = frame;
    frame.style.opacity = "1";
    setTimeout(() => {
      if (old) old.remove();
      else stop();
      frame.contentWindow.focus();
    }, wall.moves() ? FADE_MS : 0);
  }

  /** Load the page once more, unseen. */
  function renew() {
    if (framed) {
      window.parent.postMessage(ASK, window.location.origin);
      return;
    }
    if (coming || performance.now() - triedAt < AGAIN_MS) return;
    triedAt = performance.now();
    const frame = document.createElement("iframe");
    coming = frame;
    frame.className = "wall-next";
    frame.title = document.title;
    frame.src = window.location.href;
    document.body.appendChild(frame);
    setTimeout(() => giveUp(frame), PATIENCE_MS);
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin) return;
    if (event.data === READY && coming && event.source === coming.contentWindow) take(coming);
    if (event.data === ASK && above && event.source === above.contentWindow) renew();
  });

  /** The hour of the night in which a page of yesterday is renewed. */
  function nightly(asking, zone) {
    const aged = performance.now() / 1000 > YOUNG_S;
    return aged && Number(wall.moments.say("time", asking.now(), zone, "zh").slice(0, 2)) === NIGHT_H;
  }

  function heavy() {
    const memory = window.performance.memory;
    return Boolean(memory && memory.usedJSHeapSize > MOST_BYTES);
  }

  /** Renew where there is a reason. */
  function consider(asking) {
    const { build, zone } = asking.state;
    const own = document.documentElement.dataset.build;
    if ((own && build && own !== build) || nightly(asking, zone) || heavy()) renew();
  }

  /** The city is on the screen: whoever waits below may let go. `rest`: how this page stops. */
  function shown(rest) {
    stop = rest;
    if (framed) window.parent.postMessage(READY, window.location.origin);
  }

  wall.renewal = { consider, shown, frame: () => above };
})();
