// The stage: a stack of canvases over the whole view, painted from vector tiles, crisp at any zoom and without seams.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const PADDING = 0.12; // share of the view painted beyond each edge
  const NATIVE_ZOOM = 16; // tiles are not made beyond it; their geometry is enlarged
  const PATIENCE_MS = 250;
  const DRAG_MS = 120;
  const TILE = 256;
  const PANES = [['under', 210], ['cells', 220], ['heat', 230], ['over', 240], ['outline', 250]];

  /** What part of the world is painted: a zoom, a corner in world pixels, a size. */
  class Frame {
    /** ratio: device pixels by ours; metre: pixels of one on the ground; paper: while printed, see paper.js. */
    constructor({ zoom, x, y, width, height, ratio, metre, paper }) {
      Object.assign(this, { zoom, x, y, width, height, ratio, metre });
      this.paper = paper || null; // printed: nothing can be fetched any more
      this.layers = new Map();
    }

    /** Keys of the tiles of one layer that touch the frame. */
    cover(snapshot, layer, least) {
      const own = Math.min(NATIVE_ZOOM, Math.max(least, Math.floor(this.zoom + 1e-6)));
      const z = this.paper && this.paper.tiles.has(layer) ? this.paper.tiles.get(layer) : own;
      const span = TILE * Math.pow(2, this.zoom - z);
      const last = Math.pow(2, z) - 1;
      const list = [];
      const bottom = Math.min(last, Math.floor((this.y + this.height) / span));
      const right = Math.min(last, Math.floor((this.x + this.width) / span));
      for (let y = Math.max(0, Math.floor(this.y / span)); y <= bottom; y += 1) {
        for (let x = Math.max(0, Math.floor(this.x / span)); x <= right; x += 1) {
          list.push({ key: `${snapshot}/${layer}/${z}/${x}/${y}`, x, y, z, span });
        }
      }
      this.layers.set(layer, list);
      return list;
    }

    /** Keys of all tiles that were asked for. */
    keys() {
      return [...this.layers.values()].flat().map((tile) => tile.key);
    }

    /** The depth of the tiles of each layer, for a frame that must do with those. */
    depths() {
      return new Map([...this.layers].filter(([, tiles]) => tiles.length)
        .map(([layer, tiles]) => [layer, tiles[0].z]));
    }

    /** Let tile units be the units of the context; answers tile units per screen pixel. */
    enter(context, tile, extent) {
      const scale = tile.span / extent;
      const ratio = this.ratio;
      context.setTransform(scale * ratio, 0, 0, scale * ratio,
        (tile.x * tile.span - this.x) * ratio, (tile.y * tile.span - this.y) * ratio);
      return 1 / scale;
    }

    /** Draw in tile units, on the tile's own ground only: what lies beyond is the neighbour's. */
    within(context, part, draw) {
      const { tile, layer } = part;
      const edge = (at, origin, round) => round((at * tile.span - origin) * this.ratio);
      const left = edge(tile.x, this.x, Math.floor);
      const top = edge(tile.y, this.y, Math.floor);
      context.save();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.beginPath();
      context.rect(left, top,
        edge(tile.x + 1, this.x, Math.ceil) - left, edge(tile.y + 1, this.y, Math.ceil) - top);
      context.clip();
      draw(this.enter(context, tile, layer.extent), layer);
      context.restore();
    }

    /** Let screen pixels be the units of the context. */
    leave(context) {
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    }
  }

  /** The frame of what a Leaflet map would show, and some more beyond each edge. */
  function framed(leaflet, centre, zoom, paper) {
    const size = leaflet.getSize();
    const pad = size.multiplyBy(PADDING).ceil();
    const corner = leaflet.getPixelBounds(centre, zoom).min.subtract(pad).floor();
    const latitude = centre.lat * Math.PI / 180;
    const frame = new Frame({
      zoom, paper, x: corner.x, y: corner.y, width: size.x + 2 * pad.x, height: size.y + 2 * pad.y,
      ratio: paper ? paper.ratio : window.devicePixelRatio || 1,
      metre: Math.pow(2, zoom) * TILE / (40075016.7 * Math.cos(latitude)),
    });
    frame.corner = leaflet.unproject(corner, zoom);
    return frame;
  }

  /** Makes the Leaflet layer class; needs Leaflet, so it is made late. */
  function stageClass() {
    return window.L.Layer.extend({
      initialize(scene) {
        this.scene = scene;
        this.canvases = {};
        this.ahead = null;
        this.paper = null; // while printed: the depths of the tiles at hand
        this.settled = 0;
        this.shown = false; // whether tiles have ever been painted
        this.tiles = new map.Tiles((all) => this.arrived(all));
      },

      getEvents() {
        return {
          zoomanim: this.animate, zoom: this.place, move: this.follow, moveend: this.land,
          resize: this.settle,
        };
      },

      onAdd(leaflet) {
        for (const [name, order] of PANES) {
          const pane = leaflet.getPane('yp-' + name) || leaflet.createPane('yp-' + name);
          pane.style.zIndex = order;
          pane.style.pointerEvents = 'none';
          if (name === 'heat') continue;
          const canvas = document.createElement('canvas');
          canvas.className = 'leaflet-zoom-animated map-canvas map-canvas-' + name;
          pane.appendChild(canvas);
          this.canvases[name] = canvas;
        }
        this.settle();
      },

      onRemove() {
        clearTimeout(this.timer);
        clearTimeout(this.flight);
        this.tiles.stop();
        for (const name of Object.keys(this.canvases)) this.canvases[name].remove();
      },

      /** The view or the state has changed: fetch what is missing, then paint. */
      settle() {
        if (!this._map || !this.scene.state) return;
        const aim = this.ahead || { center: this._map.getCenter(), zoom: this._map.getZoom() };
        this.next = framed(this._map, aim.center, aim.zoom, this.paper);
        const keys = new Set();
        for (const source of this.scene.sources(aim.zoom)) {
          const cover = this.next.cover(this.scene.state.snapshot, source.layer, source.least || 0);
          for (const tile of cover) keys.add(tile.key);
        }
        clearTimeout(this.timer);
        if (this.tiles.want(keys)) this.paint();
        else this.timer = setTimeout(() => this.paint(), PATIENCE_MS);
      },

      /** A flight begins: its goal is fetched meanwhile and painted on landing. */
      fly(goal, seconds) {
        this.ahead = goal;
        clearTimeout(this.flight);
        this.flight = setTimeout(() => this.ahead && this.land(), seconds * 1000 + PATIENCE_MS);
      },

      /** The view has come to rest; what was painted on the way may be whole already. */
      land() {
        clearTimeout(this.flight);
        const done = this.ahead && this.frame === this.next && this.at(this.frame);
        this.ahead = null;
        if (done) this.place();
        else this.settle();
      },

      /** Whether the view is that of a frame. */
      at(frame) {
        const now = framed(this._map, this._map.getCenter(), this._map.getZoom(), this.paper);
        const off = Math.max(Math.abs(now.x - frame.x), Math.abs(now.y - frame.y));
        return now.zoom === frame.zoom && off <= 1 && now.width === frame.width && now.height === frame.height;
      },

      /** Whether nothing in view lies beyond a frame. */
      holds(frame) {
        const scale = this._map.getZoomScale(frame.zoom, this._map.getZoom());
        const view = this._map.getPixelBounds();
        return view.min.x * scale >= frame.x && view.min.y * scale >= frame.y &&
          view.max.x * scale <= frame.x + frame.width && view.max.y * scale <= frame.y + frame.height;
      },

      /** In flight: whether its goal is known with all its tiles, not painted yet, and fills the view by now. */
      early() {
        return !this.scene.view.goal && this.frame !== this.next && this.tiles.idle() && this.holds(this.next);
      },

      /** Dragged beyond what is painted: paint on, but not at every step. */
      follow() {
        const frame = this.frame;
        if (this.ahead) this.paint();
        if (!frame || this.ahead || frame.zoom !== this._map.getZoom()) return;
        if (this.holds(frame) || performance.now() - this.settled < DRAG_MS) return;
        this.settled = performance.now();
        this.settle();
      },

      /** A tile came: paint when it was the last, else at most every so often. */
      arrived(all) {
        if (all) {
          clearTimeout(this.timer);
          this.timer = null;
          requestAnimationFrame(() => this.paint());
        } else if (!this.timer) {
          this.timer = setTimeout(() => this.paint(), PATIENCE_MS);
        }
      },

      /** Paint all canvases for the frame that is due; in flight only towards its end. */
      paint() {
        this.timer = null;
        if (!this._map || !this.next || this._map._animatingZoom || (this.ahead && !this.early())) return;
        this.frame = this.next;
        this.shown = this.shown || this.tiles.any(this.frame.keys());
        for (const name of Object.keys(this.canvases)) this.repaint(name);
        this.place();
        this.scene.painted();
      },

      /** Paint one canvas again from the tiles at hand: no fetching. */
      repaint(name) {
        const frame = this.frame;
        if (!frame) return;
        const canvas = this.canvases[name];
        const width = Math.round(frame.width * frame.ratio);
        const height = Math.round(frame.height * frame.ratio);
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
          canvas.style.width = frame.width + 'px';
          canvas.style.height = frame.height + 'px';
        }
        const context = canvas.getContext('2d');
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
        this.scene.paint(name, context, frame);
      },

      /** The tiles of one layer in the painted frame, with their decoded MVT layer of that name. */
      parts(layer, name) {
        const parts = [];
        for (const tile of (this.frame && this.frame.layers.get(layer)) || []) {
          const layers = this.tiles.get(tile.key);
          if (layers && layers[name]) parts.push({ tile, layer: layers[name] });
        }
        return parts;
      },

      /** Put the canvases where the painted frame belongs now. */
      place() {
        if (!this.frame || !this._map) return;
        this.move(this._map.latLngToLayerPoint(this.frame.corner), this._map.getZoom());
      },

      /** Follow Leaflet's zoom animation. */
      animate(event) {
        if (!this.frame) return;
        const point = this._map._latLngToNewLayerPoint(this.frame.corner, event.zoom, event.center);
        this.move(point, event.zoom);
      },

      move(point, zoom) {
        const scale = this._map.getZoomScale(zoom, this.frame.zoom);
        for (const name of Object.keys(this.canvases)) {
          window.L.DomUtil.setTransform(this.canvases[name], point, scale);
        }
      },

      /** Id under a place of the world in one layer, or null. */
      pick(layer, name, latlng) {
        if (!this.frame) return null;
        const frame = this.frame;
        const point = this._map.project(latlng, frame.zoom);
        const context = map.scratch(1, 1);
        for (const part of this.parts(layer, name)) {
          const x = (point.x / part.tile.span - part.tile.x) * part.layer.extent;
          const y = (point.y / part.tile.span - part.tile.y) * part.layer.extent;
          if (x < 0 || y < 0 || x >= part.layer.extent || y >= part.layer.extent) continue;
          return part.layer.pick(context, x, y);
        }
        return null;
      },
    });
  }

  map.Frame = Frame;
  map.stageClass = stageClass;
})();
