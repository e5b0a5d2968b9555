// The map by keyboard: one tab stop; arrows walk among neighbouring cells, Enter goes down, Escape up.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const WIDEST = Math.cos(70 * Math.PI / 180);
  const TWICE_MS = 620; // a second Esc within it clears the filters (screens/keys.js)
  const FILTERS = ['t', 'k', 'd', 'src', 'lv'];

  /** The unit that lies best in a direction from a point: near, and straight ahead. */
  function neighbour(from, direction, units) {
    let best = null;
    for (const unit of units) {
      const dx = unit.x - from.x;
      const dy = unit.y - from.y;
      const far = Math.hypot(dx, dy);
      if (far === 0) continue;
      const ahead = (dx * direction[0] + dy * direction[1]) / far;
      if (ahead < WIDEST) continue;
      const cost = far * (1 + 2 * (1 - ahead));
      if (!best || cost < best.cost) best = { unit, cost };
    }
    return best && best.unit;
  }

  class Keyboard {
    constructor(scene) {
      this.scene = scene;
      this.host = scene.container;
      this.host.tabIndex = 0;
      this.host.setAttribute('role', 'application');
      this.says = document.createElement('div');
      this.says.className = 'map-says';
      this.says.setAttribute('aria-live', 'polite');
      this.host.appendChild(this.says);
      this.host.addEventListener('keydown', (event) => this.down(event));
      window.addEventListener('yiping:go', () => clearTimeout(this.rising));
      this.host.addEventListener('blur', () => scene.point('key', null));
    }

    /** A new place: the focus ring starts anew. */
    apply(before, state) {
      if (state.title) this.host.setAttribute('aria-label', state.title);
      if (before && map.differs(before, state, ['snapshot', 'level', 'at'])) this.scene.point('key', null);
    }

    /** The layer that is walked: the cells, or where there are none the buildings of the place. */
    layer() {
      const { level } = this.scene.state;
      return level === 'building' ? 'buildings' : level;
    }

    /** Places of the present cells in pixels. */
    places() {
      const { state, cells, leaflet } = this.scene;
      const layer = this.layer();
      const list = map.units.get(map.units.pathOf(state, layer));
      if (!list) return [];
      const places = [];
      for (const id of layer === 'buildings' ? list.id : cells.units) {
        const i = list.at.get(id);
        if (i === undefined || !Number.isFinite(list.lat[i])) continue;
        const point = leaflet.project([list.lat[i], list.lon[i]]);
        places.push({ id, x: point.x, y: point.y, lat: list.lat[i], lon: list.lon[i] });
      }
      return places;
    }

    /** Walk to the neighbour in a direction; the first step goes to the middle. */
    walk(direction) {
      const { leaflet, state, focus } = this.scene;
      const places = this.places();
      const from = focus.key ? focus.key.id : state.at.building; // null: from nowhere
      const now = places.find((place) => place.id === from);
      const middle = leaflet.project(leaflet.getCenter());
      const nearest = (a, b) =>
        Math.hypot(a.x - middle.x, a.y - middle.y) - Math.hypot(b.x - middle.x, b.y - middle.y);
      const next = now ? neighbour(now, direction, places) : places.sort(nearest)[0];
      if (!next) return;
      this.scene.point('key', { layer: this.layer(), id: next.id });
      const place = window.L.latLng(next.lat, next.lon);
      if (!leaflet.getBounds().pad(-0.05).contains(place)) leaflet.panTo(place, { animate: false });
      this.say();
    }

    /** Tell a screen reader, and show the same as a hover would. */
    say() {
      const { state, focus, leaflet, gestures, container } = this.scene;
      const fact = map.units.find(state, focus.key);
      if (!fact) return;
      const lines = gestures.lines(focus.key, fact);
      this.says.textContent = lines.join(', ');
      const at = leaflet.latLngToContainerPoint([fact.lat, fact.lon]);
      const frame = container.getBoundingClientRect();
      map.tooltip.show(this.scene, { clientX: frame.left + at.x, clientY: frame.top + at.y }, lines);
    }

    /** Go one level up; while filters are set, not before it is clear that Esc is not pressed twice. */
    rise(href, key) {
      const query = new URLSearchParams(window.location.search);
      const waits = key === 'Escape' && FILTERS.some((name) => query.has(name));
      clearTimeout(this.rising);
      if (waits) this.rising = setTimeout(() => window.yiping.go(href), TWICE_MS);
      else window.yiping.go(href);
    }

    /** Enter goes where a click on the middle of the cell would. */
    enter(target) {
      const { state, gestures } = this.scene;
      const fact = map.units.find(state, target);
      const known = fact && Number.isFinite(fact.lat);
      gestures.open(known ? gestures.step(target, window.L.latLng(fact.lat, fact.lon)) : target, false);
    }

    down(event) {
      if (event.target !== this.host || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!this.scene.state || !this.act(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    }

    /** Do what a key means; false when it means nothing here. */
    act(key) {
      const { state, focus, leaflet, gestures } = this.scene;
      const up = state.href && state.href.up;
      if (ARROWS[key]) this.walk(ARROWS[key]);
      else if (key === 'Enter' && focus.key) this.enter(focus.key);
      else if (key === ' ' && focus.key) gestures.open(focus.key, true);
      else if ((key === 'Backspace' || key === 'Escape') && up) this.rise(up, key);
      else if (key === '+' || key === '=') leaflet.zoomIn();
      else if (key === '-' || key === '_') leaflet.zoomOut();
      else return false;
      return true;
    }
  }

  map.neighbour = neighbour;
  map.Keyboard = Keyboard;
})();
