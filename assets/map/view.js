// The view: flies to the place, comes back to where one was, zoom buttons and scale bar.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const FLIGHT_S = 0.45;
  const PAD = { left: 24, right: 24, top: 40, bottom: 24 };
  const SCALE_PX = 80;
  const ARRIVAL_MS = 1200;
  const NEAR_PX = 4;
  const NEAR_ZOOM = 0.02;
  const CLOSEST = 18;
  // From the right and from the top, to come clear of the alerts: the one that leaves most room.
  const SHIFTS = [[0, 0], [30, 0], [0, 20], [60, 0], [0, 40], [60, 20], [90, 0], [60, 40], [0, 60],
    [120, 0], [90, 40], [60, 60], [120, 40], [90, 80], [120, 80]];
  const NARROW_PX = 560; // a map this narrow has nothing lying over it
  const NARROW_PAD = { left: 10, right: 10, top: 10, bottom: 10 };
  const CLEAR_PX = 10;
  const BUILDING_ZOOM = 18;

  let returning = false;
  window.addEventListener('popstate', () => { returning = true; });
  window.addEventListener('yiping:go', () => { returning = false; });

  class View {
    constructor(scene) {
      this.scene = scene;
      this.seen = new Map(); // views left behind, by place
      this.fitted = true;
      this.home = 0; // zoom at which the place fits
      const leaflet = scene.leaflet;
      leaflet.on('moveend', this.scaleBar, this);
      leaflet.on('dragstart', () => { this.fitted = false; });
      this.sizes = new ResizeObserver(() => this.resize());
      this.sizes.observe(scene.container);
    }

    close() {
      this.sizes.disconnect();
      clearTimeout(this.arrival);
    }

    /** A name for the place that a view belongs to. */
    keyOf(state) {
      return [state.snapshot, state.at.code, state.at.building, Boolean(state.heat)].join('|');
    }

    /** Follow the state's box; answers whether the view changes. */
    apply(before, state) {
      const key = this.keyOf(state);
      if (before && this.keyOf(before) === key && !map.differs(before, state, ['box', 'pad'])) return false;
      const leaflet = this.scene.leaflet;
      if (before) {
        this.seen.set(this.keyOf(before), { centre: leaflet.getCenter(), zoom: leaflet.getZoom() });
      }
      const old = returning && this.seen.get(key);
      returning = false;
      if (old) this.exactly(() => leaflet.setView(old.centre, old.zoom, { animate: false }));
      else this.fit(Boolean(before) && state.fly && state.motion);
      return true;
    }

    /** Show the whole place between the overlays. */
    fit(fly) {
      const state = this.scene.state;
      if (!state || !state.box) return;
      const [west, south, east, north] = state.box;
      const narrow = this.scene.container.clientWidth < NARROW_PX;
      const pad = narrow ? NARROW_PAD : Object.assign({}, PAD, state.pad);
      const options = {
        paddingTopLeft: [pad.left, pad.top], paddingBottomRight: [pad.right, pad.bottom],
        maxZoom: state.at.building ? BUILDING_ZOOM : CLOSEST, duration: FLIGHT_S, easeLinearity: 0.5,
      };
      const leaflet = this.scene.leaflet;
      this.exactly(() => leaflet.stop()); // which would snap the zoom, in an animation of its own
      options.animate = Boolean(fly);
      const bounds = window.L.latLngBounds([south, west], [north, east]);
      this.exactly(() => {
        const goal = this.aside(bounds, options);
        this.home = goal.zoom;
        if (!fly) leaflet.fitBounds(bounds, options);
        else {
          this.scene.stage.fly(goal, FLIGHT_S);
          leaflet.flyTo(goal.center, goal.zoom, options);
        }
        clearTimeout(this.arrival);
        if (fly) this.arrive(goal);
      });
      this.fitted = true;
    }

    /** Where a box fits with its border beside the list of alerts, not under it. */
    aside(bounds, options) {
      const leaflet = this.scene.leaflet;
      const list = document.querySelector('.alerts:not(.open)');
      const legend = document.querySelector('.legend:not(.card)');
      const rim = list ? this.scene.state.rim || [] : [];
      const [right, bottom] = options.paddingBottomRight;
      const [left, top] = options.paddingTopLeft;
      const at = ([aside, down]) => {
        options.paddingBottomRight = [right + aside, bottom];
        options.paddingTopLeft = [left, top + down];
        return leaflet._getBoundsCenterZoom(bounds, options);
      };
      const clear = (goal, part) => !part || !rim.some((point) => this.covered(point, goal, part));
      const found = SHIFTS.map((shift) => ({ shift, goal: at(shift) })).filter(({ goal }) => clear(goal, list))
        .sort((a, b) => clear(b.goal, legend) - clear(a.goal, legend) || b.goal.zoom - a.goal.zoom);
      return at(found.length ? found[0].shift : [0, 0]);
    }

    /** Whether a point would lie under an element of the page if the map looked at a goal. */
    covered([lon, lat], goal, element) {
      const leaflet = this.scene.leaflet;
      const at = leaflet.project([lat, lon], goal.zoom).subtract(leaflet.project(goal.center, goal.zoom))
        .add(leaflet.getSize().divideBy(2));
      const map = this.scene.container.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      const x = map.left + at.x;
      const y = map.top + at.y;
      return x > box.left - CLEAR_PX && x < box.right + CLEAR_PX &&
        y > box.top - CLEAR_PX && y < box.bottom + CLEAR_PX;
    }

    /** A flight may be cut off by what happens on a busy page: then go there at once. */
    arrive(goal) {
      this.arrival = setTimeout(() => {
        const leaflet = this.scene.leaflet;
        if (!leaflet || !this.fitted || leaflet._animatingZoom) return;
        const off = leaflet.project(goal.center).distanceTo(leaflet.project(leaflet.getCenter()));
        if (off < NEAR_PX && Math.abs(leaflet.getZoom() - goal.zoom) < NEAR_ZOOM) return;
        this.exactly(() => leaflet.setView(goal.center, goal.zoom, { animate: false }));
      }, ARRIVAL_MS);
    }

    /** Move without snapping the zoom: a place fills its panel; only buttons and wheel snap. */
    exactly(move) {
      const options = this.scene.leaflet.options;
      const snap = options.zoomSnap;
      options.zoomSnap = 0;
      move();
      options.zoomSnap = snap;
    }

    /** The panel's size has changed: keep the place in it. */
    resize() {
      const box = this.scene.container;
      const now = box.clientWidth + 'x' + box.clientHeight;
      if (!box.clientWidth || now === this.size) return;
      this.size = now;
      this.scene.leaflet.invalidateSize({ animate: false, pan: false });
      if (this.fitted) this.fit(false);
    }

    /** What a button with `data-map` does. */
    press(action) {
      const leaflet = this.scene.leaflet;
      this.fitted = action === 'fit';
      if (action === 'in') leaflet.zoomIn(1);
      else if (action === 'out') leaflet.zoomOut(1);
      else if (action === 'fit') this.fit(this.scene.state && this.scene.state.motion);
    }

    /** A round length of about eighty pixels, as text and as the bar's width. */
    scaleBar() {
      const leaflet = this.scene.leaflet;
      const latitude = leaflet.getCenter().lat * Math.PI / 180;
      const metres = 40075016.7 * Math.cos(latitude) / (256 * Math.pow(2, leaflet.getZoom()));
      const least = SCALE_PX * this.scene.scale * metres;
      const power = Math.pow(10, Math.floor(Math.log10(least)));
      const length = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least * 0.7) || 10 * power;
      const text = length >= 1000 ? `${length / 1000} km` : `${length} m`;
      for (const bar of document.querySelectorAll('[data-map="scale"]')) {
        bar.textContent = text;
        bar.style.width = Math.round(length / metres) + 'px';
      }
    }
  }

  /** Buttons are the page's HTML; one listener serves them all. */
  document.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('button[data-map]');
    if (!button) return;
    for (const scene of map.scenes) scene.view.press(button.dataset.map);
  });

  map.View = View;
})();
