// One scene per map on the page: the state, what is painted where, and the attachment to Leaflet.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const HOUSES_FROM = 13.4; // where the state asks for them; elsewhere from 15
  const FILL_UNTIL = 15;
  const NEAR = 14.5; // from here on tiles of houses are cut finer
  const HOST = 'city-map'; // class of the maps that are ours

  class Scene {
    constructor(leaflet) {
      this.leaflet = leaflet;
      this.container = leaflet.getContainer();
      this.colours = new map.Colours(this.container);
      this.cells = new map.Cells();
      this.focus = {}; // hover, pressed, pending, key: {layer, id}
      this.stage = new (map.stageClass())(this);
      this.signs = new map.Signs(this);
      this.view = new map.View(this);
      this.heat = new map.Heat(this);
      this.gestures = new map.Gestures(this);
      this.keyboard = new map.Keyboard(this);
      this.observer = this.colours.watch(() => this.repaint());
      this.stage.addTo(leaflet);
      leaflet.on('unload', () => this.close());
    }

    /** Multiplier of line widths, marks and letters: 1 on a desktop, `--map-scale` on a wall. */
    get scale() {
      return parseFloat(this.colours.get('map-scale')) || 1;
    }

    /** Whether the place is the whole city. */
    whole() {
      return !(this.state.href && this.state.href.up);
    }

    /** Whether cells are painted, or the base map shows instead. */
    filled(zoom = this.leaflet.getZoom()) {
      const state = this.state;
      if (state.heat || state.level === 'building') return false;
      if (state.show && typeof state.show.fill === 'boolean') return state.show.fill;
      return zoom < Math.max(FILL_UNTIL, this.whole() ? this.view.home + 1 : 0);
    }

    /** Whether a layer is out of sight: heat, buildings, borders or names. */
    hides(layer) {
      return ((this.state.show && this.state.show.hidden) || []).includes(layer);
    }

    /** Whether buildings are painted. */
    housed(zoom = this.leaflet.getZoom()) {
      if (this.hides('buildings')) return false;
      const show = this.state.show && this.state.show.buildings;
      return !this.filled(zoom) && zoom >= (show ? HOUSES_FROM : FILL_UNTIL);
    }

    /** Whether one is so near that a single building can be meant. */
    near() {
      return this.leaflet.getZoom() >= FILL_UNTIL;
    }

    /** The tile layers that the picture needs at a zoom. */
    sources(zoom) {
      const state = this.state;
      const names = new Set([state.level, state.at.level, state.next]);
      if (this.view.goal) names.add(state.finer); // which the place flown to will show
      for (const item of [...(state.outlines || []), ...(state.strong || []), ...(state.hot || [])]) {
        names.add(item.level || item.layer);
      }
      names.delete('building');
      names.delete('buildings');
      names.add('base'); // asked for after the cells, which matter more
      const sources = [...names].filter(Boolean).map((layer) => ({ layer }));
      if (this.housed(zoom)) {
        const least = zoom < NEAR ? 13 : 15;
        sources.push({ layer: 'buildings', least }, { layer: 'estates', least });
      }
      return sources;
    }

    /** Paint one canvas of the stage. */
    paint(name, context, frame) {
      const painter = { under: this.under, cells: this.fill, over: this.over, outline: map.paintOutline };
      if (this.state) painter[name].call(this, context, frame, this);
    }

    under(context, frame) {
      if (this.filled() && this.whole()) return;
      map.paintBase(context, frame, this);
      if (this.housed() && !this.tinted()) map.paintBuildings(context, frame, this);
    }

    fill(context, frame) {
      if (!this.filled() && !this.tinted()) return;
      map.paintCells(context, frame, this);
    }

    /** Whether the classes are the ground on which streets and houses stand. */
    tinted() {
      const state = this.state;
      return !state.heat && state.level !== 'building' && !this.single();
    }

    over(context, frame) {
      if (this.filled()) {
        map.paintWater(context, frame, this);
        map.paintThinRoads(context, frame, this);
        map.paintRunways(context, frame, this);
      } else if (this.tinted()) {
        map.paintStanding(context, frame, this);
      }
      if (!this.hides('borders')) map.paintInnerBorders(context, frame, this);
      this.veils(context, frame);
      map.paintOuterBorders(context, frame, this);
      if (this.single()) map.paintHint(context, frame, this);
    }

    /** Whether one building is looked at: then its surroundings stay bright. */
    single() {
      const building = this.state.at.building;
      return building !== null && building !== undefined;
    }

    /** Cover what is outside the place, and what is not chosen. */
    veils(context, frame) {
      const state = this.state;
      const opacity = this.whole() ? 1 : 0.62;
      const chosen = state.sel || [];
      if (!this.single()) map.paintVeil(context, frame, this, state.at.level, [state.at.unit], opacity);
      if (chosen.length) map.paintVeil(context, frame, this, state.level, chosen, 0.7);
      if (this.bright) map.paintVeil(context, frame, this, state.level, this.bright, 0.72);
    }

    /** Dim all cells but some; null takes that back. */
    dim(bright) {
      if (!bright && !this.bright) return;
      this.bright = bright;
      this.container.dataset.bright = bright ? String(bright.length) : '';
      this.stage.repaint('over');
    }

    /** Everything again with the tiles at hand. */
    repaint() {
      if (!this.state) return;
      for (const name of ['under', 'cells', 'over', 'outline']) this.stage.repaint(name);
      this.signs.draw();
    }

    /** The stage has been painted anew. */
    painted() {
      if (!this.stage.ahead) this.signs.draw(); // names of roads come with the tiles; at the end of a flight anyhow
      if (this.fresh) map.fade(this.stage.canvases.cells, this.state.motion);
      this.fresh = false;
      this.container.dataset.painted = String(Number(this.container.dataset.painted || 0) + 1);
    }

    /** Change what is pointed at: `hover`, `pressed`, `pending` or `key`. */
    point(kind, target) {
      const before = this.focus[kind];
      const same = before && target && before.layer === target.layer && before.id === target.id;
      if (same || (!before && !target)) return false;
      this.focus[kind] = target;
      this.stage.repaint('outline');
      return true;
    }

    /** Take over a new map state. */
    apply(state) {
      map.applyTo.call(this, state);
    }

    close() {
      this.observer.disconnect();
      this.view.close();
      this.heat.clear();
      this.gestures.close();
      map.scenes.delete(this);
    }
  }

  map.scenes = new Set();

  /** Attach a scene to every map of ours from now on. */
  function attach() {
    window.L.Map.addInitHook(function () {
      if (!this.getContainer().classList.contains(HOST)) return;
      this.whenReady(() => {
        const scene = new Scene(this);
        map.scenes.add(scene);
        if (map.latest) scene.apply(map.latest);
      });
    });
  }

  /** Wait for Leaflet, which comes with dash-leaflet. */
  function wait() {
    if (window.L && window.L.Map) attach();
    else setTimeout(wait, 1);
  }

  map.Scene = Scene;
  wait();
})();
