// Signs stand on the map as small SVG pictures: labels, alert marks and building counts, kept in place while it moves.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const SVG = 'http://www.w3.org/2000/svg';

  /** An SVG element with attributes; text goes in as text. */
  function svg(name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const key of Object.keys(attributes || {})) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** Move a sign flat: in a third dimension each would be a layer of its own, and all are sorted at every frame. */
  function put(element, { x, y }) {
    element.style.transform = `translate(${x}px, ${y}px)`;
  }

  /** All signs of one map. */
  class Signs {
    constructor(scene) {
      this.scene = scene;
      this.items = [];
      this.links = new WeakMap(); // signs that lead somewhere, by element
      const leaflet = scene.leaflet;
      this.pane = leaflet.getPane('yp-signs') || leaflet.createPane('yp-signs');
      this.pane.style.zIndex = 260;
      leaflet.on('zoomanim', this.animate, this);
      leaflet.on('zoom viewreset', this.place, this);
      leaflet.on('zoomend', this.draw, this);
      this.listen();
    }

    /** The sign with a link that an event is about, if any. */
    linked(event) {
      const element = event.target.closest && event.target.closest('.map-sign-link');
      return element ? this.links.get(element) : undefined;
    }

    /** One listener for all signs: there may be hundreds, drawn anew at every answer. */
    listen() {
      const { on, stopPropagation } = window.L.DomEvent;
      on(this.pane, 'mousedown touchstart dblclick contextmenu', (event) => {
        if (this.linked(event)) stopPropagation(event);
      });
      on(this.pane, 'click', (event) => {
        const item = this.linked(event);
        if (item) window.yiping.go(item.href);
      });
      on(this.pane, 'mouseover', (event) => {
        const item = this.linked(event);
        if (item && !item.element.contains(event.relatedTarget)) this.tell(item, event);
      });
      on(this.pane, 'mouseout', (event) => {
        const item = this.linked(event);
        if (item && !item.element.contains(event.relatedTarget)) map.tooltip.hide();
      });
    }

    /** Say what a sign is, and light what it stands for. */
    tell(item, event) {
      if (item.target) this.scene.gestures.light(item.target);
      else this.scene.point('hover', null);
      map.tooltip.show(this.scene, event, item.text.split('\n'));
    }

    /** Place of a sign in the view, in pixels of the current zoom. */
    point(sign) {
      return this.scene.leaflet.project([sign.lat, sign.lon]);
    }

    /** The place on earth of pixels of the current zoom. */
    where(point) {
      const { lat, lng } = this.scene.leaflet.unproject([point.x, point.y]);
      return { lat, lon: lng };
    }

    /** Draw all signs of the state anew; marks first, for labels give way to them. */
    draw() {
      const state = this.scene.state;
      if (!state || this.scene.leaflet._animatingZoom) return;
      while (this.pane.firstChild) this.pane.firstChild.remove();
      this.items = [];
      if (!this.scene.stage.shown) return; // names and marks on an empty panel would float
      const taken = [];
      const marks = map.drawMarks(this, state.marks || [], taken);
      const spots = map.drawSpots(this, state.hot || [], taken);
      const waiting = map.drawWaiting(this, state.waiting || [], taken);
      const points = map.drawCasePoints(this, (state.heat && state.heat.points) || [], taken);
      const discs = map.drawDiscs(this, state.discs || [], taken);
      const labels = map.drawLabels(this, state.labels || [], taken);
      const roads = map.drawRoadNames(this, taken);
      for (const item of [...points, ...waiting, ...roads, ...discs, ...labels, ...spots, ...marks]) this.add(item);
      this.place();
    }

    /** Put one drawn sign on the map. */
    add(item) {
      item.element.classList.add('leaflet-zoom-animated', 'map-sign');
      if (item.href) this.link(item);
      this.pane.appendChild(item.element);
      this.items.push(item);
    }

    /** A sign with a link can be clicked; the keyboard goes through the panels instead. */
    link(item) {
      item.element.classList.add('map-sign-link');
      item.element._leaflet_disable_click = true; // as Leaflet marks what is no click on the map
      this.links.set(item.element, item);
    }

    place() {
      for (const item of this.items) {
        const point = this.scene.leaflet.latLngToLayerPoint([item.lat, item.lon]);
        put(item.element, point);
      }
    }

    animate(event) {
      for (const item of this.items) {
        const place = window.L.latLng(item.lat, item.lon);
        const point = this.scene.leaflet._latLngToNewLayerPoint(place, event.zoom, event.center);
        put(item.element, point.round());
      }
    }
  }

  /** A sign's frame: an SVG whose origin is the sign's place. */
  function board(className) {
    return svg('svg', { width: 1, height: 1, class: className, 'aria-hidden': 'true' });
  }

  map.svg = svg;
  map.board = board;
  map.Signs = Signs;
})();
