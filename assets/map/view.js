// The view: flies to the place, comes back to where one was, zoom buttons and scale bar.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const FLIGHT_S = 0.45;
  const PAD = { left: 24, right: 24, top: 40, bottom: 30 };
  const SCALE_PX = 80;
  const ARRIVAL_MS = 1200;
  const NEAR_PX = 4;
  const NEAR_ZOOM = 0.02;
  const CLOSEST = 18;
  const SAME_PX = 120; // within which a flight begun early is corrected at its end, not flown anew
  const SAME_ZOOM = 0.3;
  // Room on each side to come clear of what lies over the map; the least that helps is taken.
  const SHIFTS = [];
  for (const right of [0, 30, 60, 90, 120]) {
    for (const top of [0, 20, 40, 60, 80]) {
      for (const left of [0, 50, 100, 150, 200]) {
        for (const bottom of [0, 30, 60]) SHIFTS.push([right, top, left, bottom]);
      }
    }
  }
  const LEAST_GAIN = 0.3; // of a zoom; more is not given up for a legend that covers a corner
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
      this.goal = null; // of a flight that began before its answer came
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
      if (before && !this.goal) this.remember(before);
      const old = returning && this.seen.get(key);
      returning = false;
      if (old) this.exactly(() => leaflet.setView(old.centre, old.zoom, { animate: false }));
      else if (!this.goal || !this.confirm()) this.fit(Boolean(before) && state.fly && state.motion);
      this.goal = null;
      return true;
    }

    /** What was looked at, for the way back. */
    remember(state) {
      const leaflet = this.scene.leaflet;
      this.seen.set(this.keyOf(state), { centre: leaflet.getCenter(), zoom: leaflet.getZoom() });
    }

    /** Fly towards a box before the server has answered for it. */
    depart(box) {
      const state = this.scene.state;
      if (!box || !state.fly || !state.motion) return;
      this.remember(state);
      this.fit(true, box);
      this.scene.stage.settle();
    }

    /** Whether the flight under way ends where the answer wants it; then only its end is corrected. */
    confirm() {
      const leaflet = this.scene.leaflet;
      const { goal } = this.aim(this.scene.state.box);
      const off = leaflet.project(goal.center, goal.zoom).distanceTo(leaflet.project(this.goal.center, goal.zoom));
      if (off > SAME_PX || Math.abs(goal.zoom - this.goal.zoom) > SAME_ZOOM) return false;
      this.home = goal.zoom;
      const land = () => this.exactly(() => leaflet.setView(goal.center, goal.zoom, { animate: false }));
      if (this.scene.stage.ahead) {
        this.scene.stage.ahead = goal;
        leaflet.once('moveend', land);
      } else land();
      return true;
    }

    /** Where a box is seen whole between the overlays, and the options to get there. */
    aim(box) {
      const state = this.scene.state;
      const [west, south, east, north] = box;
      const narrow = this.scene.container.clientWidth < NARROW_PX;
      const pad = narrow ? NARROW_PAD : Object.assign({}, PAD, state.pad);
      const options = {
        paddingTopLeft: [pad.left, pad.top], paddingBottomRight: [pad.right, pad.bottom],
        maxZoom: state.at.building ? BUILDING_ZOOM : CLOSEST, duration: FLIGHT_S, easeLinearity: 0.5,
      };
      const bounds = window.L.latLngBounds([south, west], [north, east]);
      let goal = null;
      this.exactly(() => { goal = this.aside(bounds, options); });
      return { bounds, options, goal };
    }

    /** Show a whole box, that of the place unless another is given. */
    fit(fly, box) {
      const state = this.scene.state;
      if (!state || !(box || state.box)) return;
      const leaflet = this.scene.leaflet;
      this.exactly(() => leaflet.stop()); // which would snap the zoom, in an animation of its own
      const { bounds, options, goal } = this.aim(box || state.box);
      options.animate = Boolean(fly);
      this.exactly(() => {
        if (!fly) leaflet.fitBounds(bounds, options);
        else {
          this.scene.stage.fly(goal, FLIGHT_S);
          leaflet.flyTo(goal.center, goal.zoom, options);
        }
        clearTimeout(this.arrival);
        if (fly) this.arrive(goal);
      });
      if (box) this.goal = goal;
      else this.home = goal.zoom;
      this.fitted = true;
    }

    /** Where a box fits with its border beside the list of alerts and the legend, not under them. */
    aside(bounds, options) {
      const leaflet = this.scene.leaflet;
      const list = document.querySelector('.alerts:not(.open)');
      const legend = document.querySelector('.legend:not(.card)');
      const rim = this.scene.state.rim || [];
      const [right, bottom] = options.paddingBottomRight;
      const [left, top] = options.paddingTopLeft;
      const at = ([more, down, aside, up]) => {
        options.paddingBottomRight = [right + more, bottom + up];
        options.paddingTopLeft = [left + aside, top + down];
        return leaflet._getBoundsCenterZoom(bounds, options);
      };
      const clear = (goal, part) => !part || !rim.some((point) => this.covered(point, goal, part));
      const best = (parts) => SHIFTS.map((shift) => ({ shift, goal: at(shift) }))
        .sort((a, b) => b.goal.zoom - a.goal.zoom)
        .find(({ goal }) => parts.every((part) => clear(goal, part)));
      const whole = best([list, legend]);
      const most = best([list]);
      const taken = whole && (!most || whole.goal.zoom > most.goal.zoom - LEAST_GAIN) ? whole : most;
      return at(taken ? taken.shift : [0, 0, 0, 0]);
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
