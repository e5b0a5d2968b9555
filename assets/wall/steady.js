// Against what stands still for years: the picture moves by a hair every ten minutes, and is dimmed at night.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const EVERY_S = 600;
  const STEP_PX = 2;
  const WAY = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const asked = new URLSearchParams(window.location.search).get("motion");

  /** Where the picture stands now: of two walls at the same place, by the server's clock. */
  function shift(host, nowS) {
    const [x, y] = WAY[Math.floor(nowS / EVERY_S) % WAY.length];
    const text = `translate(${x * STEP_PX}px, ${y * STEP_PX}px)`;
    if (host.style.transform !== text) host.style.transform = text;
  }

  /** Whether anything may move at all. */
  function moves() {
    return asked !== "0" && !still.matches;
  }

  wall.shift = shift;
  wall.moves = moves;
})();
