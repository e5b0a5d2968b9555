// The base map below the grids: painted by assets/map from its tiles, at rest; while the view moves it is shifted.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const PADDING = 0.15; // of the view, painted beyond each edge
  const REST_MS = 120;
  const PATIENCE_MS = 250; // until what has come of the tiles is painted without the rest
  const HOUSES_FROM = 14.6;
  const NEAR = 15.2; // from here on tiles of houses are cut finer

  /** Where Leaflet's questions are answered that names along roads ask. */
  class Pixels {
    constructor(frame, view, plane) {
      Object.assign(this, { frame, view, plane });
    }

    getZoom() {
      return this.frame.zoom;
    }

    getZoomScale(to, from) {
      return Math.pow(2, to - from);
    }

    /** The corner of the view among the pixels of the world. */
    corner() {
      const [left, top] = this.view.plane([0, 0]);
      return this.plane.world(left, top, this.view.scale);
    }

    getPixelBounds() {
      const [left, top] = this.corner();
      const { width, height } = this.view;
      return { contains: ([x, y]) => x >= left && y >= top && x <= left + width && y <= top + height };
    }

    unproject([x, y]) {
      const [left, top] = this.corner();
      const [lon, lat] = this.plane.to(...this.view.plane([x - left, y - top]));
      return { lat, lng: lon };
    }
  }

  class Ground {
    constructor(host, view, colours, named) {
      const map = root.map;
      Object.assign(this, { view, named });
      this.canvas = host.appendChild(document.createElement("canvas"));
      this.canvas.className = "plan-layer plan-base";
      this.names = planner.make("div", { class: "plan-names" }); // the host puts it above the grids
      this.snapshot = "";
      this.tiles = new map.Tiles((all) => this.arrived(all));
      // As the painters of assets/map know a scene.
      this.scene = {
        colours, scale: 1, stage: this, state: { lang: document.documentElement.lang.slice(0, 2) },
        container: host, filled: () => false, housed: () => this.frame.zoom >= HOUSES_FROM,
      };
      this.signs = [];
    }

    set(plane, snapshot) {
      Object.assign(this, { plane, snapshot });
      this.frame = null;
      this.settle();
    }

    /** The view has moved: shift what is painted, and paint anew once it rests. */
    follow() {
      this.place();
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.settle(), REST_MS);
    }

    /** Ask for the tiles of the present view, then paint. */
    settle() {
      if (!this.plane || !this.snapshot) return;
      this.next = this.framed();
      const near = this.next.zoom >= NEAR;
      const keys = this.next.cover(this.snapshot, "base", 0).map((tile) => tile.key);
      if (this.next.zoom >= HOUSES_FROM) {
        for (const tile of this.next.cover(this.snapshot, "buildings", near ? 15 : 13)) keys.push(tile.key);
      }
      clearTimeout(this.patience);
      if (this.tiles.want(new Set(keys))) this.paint();
      else this.patience = setTimeout(() => this.paint(), PATIENCE_MS);
    }

    arrived(all) {
      if (!all) return;
      clearTimeout(this.patience);
      requestAnimationFrame(() => this.paint());
    }

    /** The frame of the view and some more beyond each edge. */
    framed() {
      const { view, plane } = this;
      const [padX, padY] = [Math.ceil(view.width * PADDING), Math.ceil(view.height * PADDING)];
      const corner = view.plane([-padX, -padY]);
      const [x, y] = plane.world(...corner, view.scale);
      const frame = new root.map.Frame({
        zoom: plane.zoomOf(view.scale), x, y, width: view.width + 2 * padX, height: view.height + 2 * padY,
        ratio: window.devicePixelRatio || 1, metre: view.scale,
      });
      return Object.assign(frame, { corner, scale: view.scale });
    }

    /** The tiles of one layer in the painted frame, as the painters ask for them. */
    parts(layer, name) {
      const parts = [];
      for (const tile of this.frame.layers.get(layer) || []) {
        const layers = this.tiles.get(tile.key);
        if (layers && layers[name]) parts.push({ tile, layer: layers[name] });
      }
      return parts;
    }

    paint() {
      if (!this.next) return;
      const { map } = root;
      const frame = (this.frame = this.next);
      const { canvas } = this;
      canvas.width = Math.round(frame.width * frame.ratio);
      canvas.height = Math.round(frame.height * frame.ratio);
      canvas.style.width = frame.width + "px";
      canvas.style.height = frame.height + "px";
      const context = canvas.getContext("2d");
      map.paintBase(context, frame, this.scene);
      if (frame.zoom >= HOUSES_FROM) map.paintShapes(context, frame, this.scene);
      this.place();
      this.named();
    }

    /** Names along roads, out of the way of boxes on the screen. */
    name(boxes) {
      if (!this.frame) return;
      const pixels = new Pixels(this.frame, this.view, this.plane);
      const [left, top] = pixels.corner();
      const taken = boxes.map((box) => [box[0] + left, box[1] + top, box[2] + left, box[3] + top]);
      this.names.textContent = "";
      this.signs = root.map.drawRoadNames({ scene: { ...this.scene, leaflet: pixels } }, taken);
      for (const sign of this.signs) {
        sign.element.classList.add("plan-name");
        sign.at = this.plane.from(sign.lon, sign.lat);
        this.names.appendChild(sign.element);
      }
      this.place();
    }

    /** Put what is painted where it belongs now. */
    place() {
      if (!this.frame) return;
      const [left, top] = this.view.screen(this.frame.corner);
      const scale = this.view.scale / this.frame.scale;
      this.canvas.style.transform = `translate(${left}px,${top}px) scale(${scale})`;
      for (const { element, at } of this.signs) {
        const [x, y] = this.view.screen(at);
        element.style.transform = `translate(${x}px,${y}px)`;
      }
    }
  }

  planner.Ground = Ground;
})();
