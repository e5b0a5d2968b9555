// The bar below: where the cursor is, in which system; scale, when it was saved, how many steps.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const say = (key, values) => planner.texts.get(key, values);
  const KEPT = "yiping-plan-crs";
  const RADIUS_M = 6378245; // of Krasovsky's ellipsoid, by which GCJ-02 is shifted
  const ECCENTRIC = 0.00669342162296594323;
  const GRS80 = { a: 6378137, f: 1 / 298.257222101 };
  let cursor = null;

  const sines = (x, times) => times.reduce((sum, [size, per]) => sum + size * Math.sin(x * per * Math.PI), 0);
  const COMMON = [[20, 6], [20, 2]];

  /** The shift of GCJ-02 before it is scaled, by longitude and latitude from 105, 35. */
  function bent(x, y) {
    const far = Math.sqrt(Math.abs(x));
    const common = sines(x, COMMON);
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * far
      + (common + sines(y, [[20, 1], [40, 1 / 3]]) + sines(y, [[160, 1 / 12], [320, 1 / 30]])) * 2 / 3;
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * far
      + (common + sines(x, [[20, 1], [40, 1 / 3]]) + sines(x, [[150, 1 / 12], [300, 1 / 30]])) * 2 / 3;
    return { east, north };
  }

  /** WGS-84 degrees as GCJ-02 shows them. */
  function gcj02(lon, lat) {
    const { east, north } = bent(lon - 105, lat - 35);
    const phi = lat * Math.PI / 180;
    const w = 1 - ECCENTRIC * Math.sin(phi) ** 2;
    const dLat = (north * 180) / ((RADIUS_M * (1 - ECCENTRIC)) / (w * Math.sqrt(w)) * Math.PI);
    const dLon = (east * 180) / (RADIUS_M / Math.sqrt(w) * Math.cos(phi) * Math.PI);
    return [lon + dLon, lat + dLat];
  }

  /** Gauss–Krüger metres of a zone with this middle meridian and false easting (Krüger's series, to 1 mm). */
  function gauss(lon, lat, { middle, easting }) {
    const { a, f } = GRS80;
    const n = f / (2 - f);
    const e = Math.sqrt(f * (2 - f));
    const mean = (a / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
    const alpha = [n / 2 - (2 * n ** 2) / 3 + (5 * n ** 3) / 16, (13 * n ** 2) / 48 - (3 * n ** 3) / 5, (61 * n ** 3) / 240];
    const phi = lat * Math.PI / 180;
    const away = (lon - middle) * Math.PI / 180;
    const t = Math.sinh(Math.atanh(Math.sin(phi)) - e * Math.atanh(e * Math.sin(phi)));
    const xi = Math.atan2(t, Math.cos(away));
    const eta = Math.atanh(Math.sin(away) / Math.sqrt(1 + t * t));
    const wave = (of, way) => alpha.reduce((sum, size, i) => sum + size * of(i + 1), way);
    const north = wave((i) => Math.sin(2 * i * xi) * Math.cosh(2 * i * eta), xi);
    const east = wave((i) => Math.cos(2 * i * xi) * Math.sinh(2 * i * eta), eta);
    return [easting + mean * east, mean * north];
  }

  const grouped = (metres) => metres.toFixed(1).replace(/\B(?=(\d{3})+\.)/g, " ");

  /** The cursor's place in words of the chosen system. */
  function words(system, { lon, lat }, zone) {
    if (system === "metres" && zone) {
      const [x, y] = gauss(lon, lat, zone);
      return say("cursor_metres", { x: grouped(x), y: grouped(y) });
    }
    const [x, y] = system === "gcj02" ? gcj02(lon, lat) : [lon, lat];
    return say("cursor_degrees", { x: x.toFixed(6), y: y.toFixed(6) });
  }

  const slot = (name) => document.querySelector(`[data-status=${name}]`);

  /** The middle of the map, in degrees; null before there is a map. */
  function middle({ map }) {
    if (!map || !map.plane) return null;
    const [lon, lat] = map.plane.to(map.view.x, map.view.y);
    return { lon, lat };
  }

  /** Where the cursor is; while it is elsewhere, the middle of the map. */
  function show(desk) {
    const at = cursor || middle(desk);
    const told = at && words(document.getElementById("plan-crs").value, at, desk.state && desk.state.plan.zone);
    slot("cursor").textContent = !told ? "" : cursor ? told : say("cursor_middle", { at: told });
  }

  /** How many steps stand, and how many that were undone may be done again. */
  function steps({ undo, redo }) {
    return say("history_steps", { n: undo }) + (redo ? say("history_redo", { n: redo }) : "");
  }

  function paint(state) {
    slot("saved").textContent = state.plan.saved ? `✓ ${say("saved", { time: state.plan.saved })}` : "";
    document.querySelector("#plan-status [data-open=history]").textContent = steps(state.plan);
  }

  function choose(desk) {
    const choice = document.getElementById("plan-crs");
    try {
      choice.value = window.localStorage.getItem(KEPT) || choice.value;
      if (!choice.value) choice.selectedIndex = 0;
    } catch (error) { /* a browser without storage */ }
    choice.addEventListener("change", () => {
      try {
        window.localStorage.setItem(KEPT, choice.value);
      } catch (error) { /* it holds for this page */ }
      show(desk);
    });
  }

  planner.status = { paint, steps, gcj02, gauss };
  (planner.beginners = planner.beginners || []).push((desk) => {
    choose(desk);
    desk.on("cursor", (at) => {
      cursor = at && Number.isFinite(at.lon) ? at : null;
      show(desk);
    });
    desk.on("view", ({ scale }) => {
      slot("scale-of").textContent = say("scale", { n: Math.round(scale).toLocaleString("en") });
      if (!cursor) show(desk);
    });
  });
})();
