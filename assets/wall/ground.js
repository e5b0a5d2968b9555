// The map of the wall: the whole city in the tour, close by for an alert, and back; painted by assets/map.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const LETTER = 12; // pixels of the map's smallest letters where its scale is 1
  const MOST_LABELS = 12;
  const LEGEND = { dense: [9, 10.5], medium: [8, 10], sparse: [9, 3] }; // room in the corners, in letters
  const TITLE = { dense: 4.4, medium: 3.2, sparse: 1.8 };
  const TITLE_SHARE = 0.45; // of the width
  const AIR = 0.9;

  class Ground {
    constructor() {
      root.map.fetching.atOnce = 1; // a server that hangs must not hold all of the browser's connections
      this.last = ""; // what the map was told, as text: only what differs is told again
      this.plan = null;
    }

    /** Letters of the map follow those of the wall. */
    size(plan) {
      this.plan = plan;
      this.last = "";
      document.documentElement.style.setProperty("--map-scale", String(plan.em / LETTER));
    }

    /** Room that cards take in the corners of the map. */
    corners() {
      const { em, boxes, small } = this.plan;
      const density = small ? "sparse" : this.plan.density;
      const [wide, high] = LEGEND[density];
      const map = boxes.get("map");
      const card = boxes.get("focus");
      const width = map.right - map.left;
      const at = { left: 0, right: 0, top: 0, bottom: 0 };
      return [
        { left: at.left, top: at.top, width: width * TITLE_SHARE, height: TITLE[density] * em },
        { left: at.left, bottom: at.bottom, width: wide * em, height: high * em },
        { right: at.right, bottom: at.bottom, width: map.right - card.left, height: map.bottom - card.top, opaque: true },
      ];
    }

    /** The map's state for a focus: an alert is looked at from close by, with streets and houses. */
    stateOf(state) {
      const { map, focus, look } = state;
      const near = Boolean(focus && focus.why === "alert" && focus.box);
      const pad = Math.round(AIR * this.plan.em);
      return {
        ...map,
        near,
        fly: true,
        motion: map.motion !== false && wall.moves(),
        theme: (look && look.theme) || map.theme,
        box: near ? focus.box : map.box,
        rim: near ? [] : map.rim,
        show: near ? { fill: false, buildings: true, hidden: [] } : this.shown(map.show),
        pad: { left: pad, right: pad, top: pad, bottom: pad },
        corners: this.corners(),
        labels_most: Math.min(map.labels_most || MOST_LABELS, MOST_LABELS),
        page: undefined,
      };
    }

    /** What the reader may see: a map of a few letters has room for marks, not for names beside them. */
    shown(show) {
      return this.plan.narrow ? { ...show, hidden: [...(show && show.hidden || []), "names"] } : show;
    }

    show(state) {
      if (!state.map || !state.map.snapshot || !this.plan || !root.map) return;
      const told = this.stateOf(state);
      const text = JSON.stringify(told);
      if (text === this.last) return;
      this.last = text;
      for (const scene of root.map.scenes) {
        scene.leaflet.setMaxBounds(null); // nobody drags it; they would pull it back in the midst of a flight
        scene.view.resize(); // it must know its box before it is told
      }
      for (const scene of root.map.scenes) scene.container.closest("#wall").dataset.near = told.near ? "1" : "0";
      root.map.apply(told);
    }
  }

  wall.Ground = Ground;
})();
