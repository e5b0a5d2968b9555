// The view: flies to the place, comes back to where one was, zoom buttons and scale bar.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const FLIGHT_S = 0.45;
  const PAD = { left: 24, right: 24, top: 40, bottom: 30 };
  const SCALE_PX = 80;
  const ARRIVAL_MS = 1200;
  const SETTLED_MS = 60;
  const MOST_CORRECTIONS = 2;
  const NEAR_PX = 4;
  const NEAR_ZOOM = 0.02;
  const CLOSEST = 18;
  const DOUBT_MS = 800; // after the page has stopped waiting, until which an answer may reach the map
  const LEAST_S = 0.1; // that a flight whose goal has changed still takes
  const NARROW_PX = 560; // a map this narrow has nothing lying over it
  const NARROW_PAD = { left: 10, right: 10, top: 10, bottom: 10 };
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
      this.began = 0; // when the last flight did
      this.corrections = 0; // since the last answer or change of size
      this.own = false; // whether a move that begins is ours and not a hand's
      this.moving = false; // whether a flight, a pan or a zoom is under way
      const leaflet = scene.leaflet;
      leaflet.on('moveend', this.scaleBar, this);
      leaflet.on('moveend', this.later, this);
      leaflet.on('movestart zoomstart', () => { this.moving = true; });
      leaflet.on('moveend', () => { this.moving = false; });
      leaflet.on('movestart zoomstart', () => { if (!this.own) this.fitted = false; });
      this.settled = () => {
        clearTimeout(this.doubt);
        this.doubt = setTimeout(() => this.unanswered(), DOUBT_MS);
      };
      window.addEventListener('yiping:settled', this.settled);
      this.sizes = new ResizeObserver(() => this.resize());
      this.sizes.observe(scene.container);
    }

    close() {
      this.sizes.disconnect();
      clearTimeout(this.arrival);
      clearTimeout(this.checking);
      clearTimeout(this.doubt);
      window.removeEventListener('yiping:settled', this.settled);
    }

    /** A name for the place that a view belongs to. */
    keyOf(state) {
      return [state.snapshot, state.at.code, state.at.building, Boolean(state.heat)].join('|');
    }

    /** Follow the state's box; answers whether the view changes. */
    apply(before, state) {
      const key = this.keyOf(state);
      this.corrections = 0;
      const same = before && this.keyOf(before) === key && !map.differs(before, state, ['box', 'pad']);
      this.later();
      if (same) return this.goal ? this.turnBack(state) : false;
      if (before && !this.goal) this.remember(before);
      const old = returning && this.seen.get(key);
      returning = false;
      if (old) this.show(old);
      else if (!this.goal) this.fit(Boolean(before) && state.fly && state.motion);
      else this.turn();
      this.goal = null;
      return true;
    }

    /** The place flown to was not answered, as after a quick Back: return to what was looked at. */
    turnBack(state) {
      this.goal = null;
      this.scene.stage.fly(null, 0);
      this.show(this.seen.get(this.keyOf(state)));
      return true;
    }

    /** The server is gone: return from where there is nothing to see, and to the address of before. */
    unanswered() {
      if (!this.goal || document.querySelector('[data-dash-is-loading], .whole')) return;
      this.scene.point('pending', null);
      this.turnBack(this.scene.state);
      window.history.back();
    }

    /** What is looked at, for the way back. */
    remember(state) {
      const leaflet = this.scene.leaflet;
      const fitted = this.fitted;
      this.seen.set(this.keyOf(state), { centre: leaflet.getCenter(), zoom: leaflet.getZoom(), fitted });
    }

    /** Look at what was remembered. */
    show(seen) {
      this.fitted = seen.fitted;
      this.exactly(() => this.scene.leaflet.setView(seen.centre, seen.zoom, { animate: false }));
    }

    /** Fly towards a box before the server has answered for it. */
    depart(box) {
      const state = this.scene.state;
      if (!box || !state.fly || !state.motion) return;
      if (!this.goal) this.remember(state);
      this.fit(true, box);
      this.scene.stage.settle();
    }

    /** The answer says exactly where the flight begun early must end: it turns there on its way. */
    turn() {
      const { box, fly, motion } = this.scene.state;
      if (!box) return;
      const goal = this.aim(box);
      if (!this.fitted || this.near(goal, this.goal)) { // a hand has taken over, or it is there already
        this.home = goal.zoom;
        return;
      }
      const left = FLIGHT_S - (performance.now() - this.began) / 1000;
      this.fit(fly && motion, null, Math.max(LEAST_S, this.moving ? left : FLIGHT_S));
    }

    /** Whether two views can hardly be told apart. */
    near(goal, other) {
      const leaflet = this.scene.leaflet;
      const off = leaflet.project(goal.center, goal.zoom).distanceTo(leaflet.project(other.center, goal.zoom));
      return off < NEAR_PX && Math.abs(goal.zoom - other.zoom) < NEAR_ZOOM;
    }

    /** Look once the page has settled whether the place still fits. */
    later() {
      clearTimeout(this.checking);
      this.checking = setTimeout(() => this.check(), SETTLED_MS);
    }

    /** Fit anew where a flight was cut off, or where what lies over the map has changed. */
    check() {
      const { leaflet, state, stage } = this.scene;
      if (!leaflet || !state || !state.box || !this.fitted || this.goal || stage.ahead) return;
      if (leaflet._animatingZoom || !this.scene.container.clientWidth) return;
      const goal = this.aim(state.box);
      if (this.near(goal, { center: leaflet.getCenter(), zoom: leaflet.getZoom() })) return;
      if (this.corrections >= MOST_CORRECTIONS) return; // a goal out of reach is not aimed at for ever
      this.corrections += 1;
      this.home = goal.zoom;
      this.exactly(() => leaflet.setView(goal.center, goal.zoom, { animate: false }));
    }

    /** Where a box is seen whole between the overlays. */
    aim(box) {
      const state = this.scene.state;
      const [west, south, east, north] = box;
      const narrow = this.scene.container.clientWidth < NARROW_PX;
      const pad = narrow ? NARROW_PAD : Object.assign({}, PAD, state.pad);
      const bounds = window.L.latLngBounds([south, west], [north, east]);
      return map.aside(this.scene, bounds, pad, state.at.building ? BUILDING_ZOOM : CLOSEST, narrow);
    }

    /** Show a whole box, that of the place unless another is given; how long a flight there takes. */
    fit(fly, box, seconds = FLIGHT_S) {
      const state = this.scene.state;
      if (!state || !(box || state.box)) return;
      const leaflet = this.scene.leaflet;
      // Leaflet would snap the zoom, in an animation of its own; at rest it would paint for nothing.
      if (this.moving && !fly) this.exactly(() => leaflet.stop());
      const goal = this.aim(box || state.box);
      if (fly) this.flyTo(goal, seconds);
      else this.exactly(() => leaflet.setView(goal.center, goal.zoom, { animate: false }));
      clearTimeout(this.arrival);
      if (fly) this.arrival = setTimeout(() => this.check(), ARRIVAL_MS);
      if (box) this.goal = goal;
      else this.home = goal.zoom;
      this.fitted = true;
    }

    /** Fly to a view; a flight under way is led there from where it is. */
    flyTo(goal, seconds) {
      this.began = performance.now();
      this.scene.stage.fly(goal, seconds);
      const how = { animate: true, duration: seconds, easeLinearity: 0.5 };
      this.exactly(() => this.scene.leaflet.flyTo(goal.center, goal.zoom, how));
    }

    /** Move without snapping the zoom: a place fills its panel; only buttons and wheel snap. */
    exactly(move) {
      const options = this.scene.leaflet.options;
      const before = { snap: options.zoomSnap, own: this.own };
      options.zoomSnap = 0;
      this.own = true;
      move();
      options.zoomSnap = before.snap;
      this.own = before.own;
    }

    /** The panel's size has changed: keep the place in it. */
    resize() {
      const box = this.scene.container;
      const now = box.clientWidth + 'x' + box.clientHeight;
      if (!box.clientWidth || now === this.size) return;
      // Between screen and paper the map is put in its place as a whole, see paper.js.
      if (window.matchMedia('print').matches !== Boolean(this.scene.stage.paper)) return;
      this.size = now;
      this.corrections = 0;
      this.exactly(() => this.scene.leaflet.invalidateSize({ animate: false, pan: false }));
      if (this.fitted && !this.goal) this.fit(false); // the answer turns a flight under way
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
