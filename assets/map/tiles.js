// Vector tiles: fetched once, decoded lazily to Path2D, shared by all layers through one LRU cache.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const KEEP = 400;
  const RETRY_MS = 3000;
  // So many are fetched at once, and none is waited for longer; the wall is content with fewer.
  const fetching = { atOnce: Infinity, lateMs: 8000 };
  const cache = new Map();

  const { strokesOf, trace, traceInside, boxOf } = map.strokes;

  /** One MVT layer of one tile; every form of it is made on first use and kept. */
  class TileLayer {
    constructor(raw) {
      this.raw = raw;
      this.extent = raw.extent;
      this.outlines = new Map();
    }

    /** Features with their own path and box: for cells and buildings. */
    features() {
      if (this.list) return this.list;
      this.list = [];
      for (let i = 0; i < this.raw.length; i += 1) {
        const feature = this.raw.feature(i);
        const strokes = strokesOf(feature);
        const path = new Path2D();
        trace(path, strokes);
        this.list.push({ id: feature.id || 0, path, box: boxOf(strokes), index: i });
      }
      return this.list;
    }

    /** One path per value of the property `k`: for everything drawn by class. */
    kinds() {
      if (this.byKind) return this.byKind;
      this.byKind = new Map();
      for (let i = 0; i < this.raw.length; i += 1) {
        const feature = this.raw.feature(i);
        const kind = String(feature.properties.k || '');
        if (!this.byKind.has(kind)) this.byKind.set(kind, new Path2D());
        trace(this.byKind.get(kind), strokesOf(feature));
      }
      return this.byKind;
    }

    /** All lines as one path, without the rings of islets too small to be told from a speck. */
    borders() {
      if (this.drawn) return this.drawn;
      const strokes = [];
      for (let i = 0; i < this.raw.length; i += 1) strokes.push(...strokesOf(this.raw.feature(i)));
      this.drawn = new Path2D();
      trace(this.drawn, map.withoutSpecks(strokes, this.extent));
      return this.drawn;
    }

    /** Like `kinds`, but the edges of areas without those that clipping made: for strokes. */
    edges() {
      if (this.byEdge) return this.byEdge;
      this.byEdge = new Map();
      for (let i = 0; i < this.raw.length; i += 1) {
        const feature = this.raw.feature(i);
        const kind = String(feature.properties.k || '');
        if (!this.byEdge.has(kind)) this.byEdge.set(kind, new Path2D());
        const path = this.byEdge.get(kind);
        for (const stroke of strokesOf(feature)) traceInside(path, stroke, this.extent);
      }
      return this.byEdge;
    }

    /** Every line with its property `k`, as points inside the tile: for names along roads. */
    lines() {
      if (this.named) return this.named;
      this.named = [];
      for (let i = 0; i < this.raw.length; i += 1) {
        const feature = this.raw.feature(i);
        for (const stroke of strokesOf(feature)) {
          const points = [];
          for (let at = 0; at < stroke.length; at += 2) points.push([stroke[at], stroke[at + 1]]);
          this.named.push({ kind: String(feature.properties.k || ''), points });
        }
      }
      return this.named;
    }

    /** Fill path of one feature, or null where the tile does not hold it. */
    shape(id) {
      let shape = null;
      for (const feature of this.features()) {
        if (feature.id !== id) continue;
        if (!shape) shape = new Path2D();
        shape.addPath(feature.path);
      }
      return shape;
    }

    /** Line path of one feature without the edges made by clipping. */
    outline(id) {
      if (this.outlines.has(id)) return this.outlines.get(id);
      let path = null;
      for (const feature of this.features()) {
        if (feature.id !== id) continue;
        path = path || new Path2D();
        const strokes = strokesOf(this.raw.feature(feature.index));
        for (const stroke of strokes) traceInside(path, stroke, this.extent);
      }
      this.outlines.set(id, path);
      return path;
    }

    /** The feature that covers a point in tile units, the last drawn first. */
    pick(context, x, y) {
      const list = this.features();
      for (let i = list.length - 1; i >= 0; i -= 1) {
        const box = list[i].box;
        if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
        if (context.isPointInPath(list[i].path, x, y)) return list[i].id;
      }
      return null;
    }
  }

  /** Decode the bytes of one tile. */
  function decode(bytes) {
    const layers = {};
    if (bytes.byteLength) {
      const tile = new window.VectorTile(new window.Pbf(new Uint8Array(bytes)));
      for (const name of Object.keys(tile.layers)) layers[name] = new TileLayer(tile.layers[name]);
    }
    return layers;
  }

  /** Keep a decoded tile; the longest unused one leaves. */
  function keep(key, layers) {
    cache.set(key, layers);
    if (cache.size > KEEP) cache.delete(cache.keys().next().value);
  }

  /** Keys `snapshot/layer/z/x/y` by tile, each with the one path that answers all its layers. */
  function together(keys) {
    const groups = new Map();
    for (const key of keys) {
      const [snapshot, layer, z, x, y] = key.split('/');
      const tile = `${z}/${x}/${y}`;
      if (!groups.has(tile)) groups.set(tile, { snapshot, tile, layers: [], keys: [] });
      groups.get(tile).layers.push(layer);
      groups.get(tile).keys.push(key);
    }
    for (const group of groups.values()) {
      group.path = `/tiles/${group.snapshot}/${group.layers.join(',')}/${group.tile}`;
    }
    return [...groups.values()];
  }

  /** The bytes of each key: alone as they are, several behind their lengths in four bytes. */
  function unpacked(bytes, keys) {
    if (keys.length === 1 || !bytes.byteLength) return keys.map((key) => [key, bytes]);
    const view = new DataView(bytes);
    let at = 0;
    return keys.map((key) => {
      const length = view.getUint32(at);
      at += 4 + length;
      return [key, bytes.slice(at - length, at)];
    });
  }

  /** What one map wants from the cache, and what is under way for it. */
  class Tiles {
    constructor(arrived) {
      this.arrived = arrived;
      this.pending = new Map();
      this.queue = []; // what is to be fetched as soon as there is room
      this.flying = 0;
    }

    /** The decoded layers of a tile, or undefined while unknown. */
    get(key) {
      const layers = cache.get(key);
      if (layers) {
        cache.delete(key);
        cache.set(key, layers);
      }
      return layers;
    }

    /** Whether some of these tiles have come, or none was wanted. */
    any(keys) {
      return !keys.length || keys.some((key) => cache.has(key));
    }

    /** Load what is missing, drop what is no longer wanted; true when nothing is missing. */
    want(keys) {
      for (const key of [...this.pending.keys()]) if (!keys.has(key)) this.drop(key);
      const missing = [...keys].filter((key) => !this.get(key));
      for (const group of together(missing.filter((key) => !this.pending.has(key)))) this.load(group);
      return missing.length === 0;
    }

    /** Give up a tile; its request ends with the last tile that wanted it. */
    drop(key) {
      const controller = this.pending.get(key);
      this.pending.delete(key);
      if (![...this.pending.values()].includes(controller)) controller.abort();
    }

    /** Fetch the layers of one tile when its turn comes. */
    load(group) {
      const controller = new AbortController();
      for (const key of group.keys) this.pending.set(key, controller);
      this.queue.push([group, controller]);
      this.proceed();
    }

    /** Begin what there is room for. */
    proceed() {
      while (this.queue.length && this.flying < fetching.atOnce) {
        const [group, controller] = this.queue.shift();
        if (!controller.signal.aborted) this.ask(group, controller);
      }
    }

    /** Ask the server; a failure is tried again as long as the tile is wanted, and so is one that hangs. */
    ask(group, controller) {
      const given = new AbortController();
      const late = setTimeout(() => given.abort(), fetching.lateMs);
      controller.signal.addEventListener('abort', () => given.abort());
      this.flying += 1;
      fetch(group.path, { signal: given.signal })
        .then((answer) => {
          if (answer.status === 204 || answer.status === 404) return new ArrayBuffer(0);
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.arrayBuffer();
        })
        .then((bytes) => this.take(unpacked(bytes, group.keys), controller))
        .catch(() => {
          if (!controller.signal.aborted) setTimeout(() => this.again(group, controller), RETRY_MS);
        })
        .finally(() => {
          clearTimeout(late);
          this.flying -= 1;
          this.proceed();
        });
    }

    /** Keep what came and is still wanted. */
    take(parts, controller) {
      for (const [key, bytes] of parts) {
        if (this.pending.get(key) !== controller) continue;
        this.pending.delete(key);
        keep(key, decode(bytes));
      }
      this.arrived(this.pending.size === 0);
    }

    /** Try once more for those that are still wanted. */
    again(group, controller) {
      const keys = group.keys.filter((key) => this.pending.get(key) === controller);
      for (const next of together(keys)) this.load(next);
    }

    /** Whether nothing is under way. */
    idle() {
      return this.pending.size === 0;
    }

    /** Stop everything under way. */
    stop() {
      this.want(new Set());
    }
  }

  map.Tiles = Tiles;
  map.fetching = fetching;
})();
