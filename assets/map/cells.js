// Cells of the choropleth: a class byte per unit decides the colour; recolouring is a repaint without a request.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const NO_DATA = 255;
  const TOO_FEW = 254;
  const ELSEWHERE = 253; // a unit the state does not speak of: not painted
  const HATCH_PX = 6;

  /** Bytes from base64. */
  function bytes(text) {
    const binary = atob(text || '');
    const out = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) out[i] = binary.charCodeAt(i);
    return out;
  }

  /** The classes of the state by unit, and where each unit stands in its lists. */
  class Cells {
    constructor() {
      this.version = 0;
      this.classes = new Uint8Array(0);
      this.index = new Map();
      this.units = [];
    }

    /** Take over the cells of a state. */
    set(cells) {
      const classes = bytes(cells.class);
      this.units = cells.unit || [];
      const most = this.units.reduce((a, b) => Math.max(a, b), -1);
      this.classes = new Uint8Array(most + 1).fill(ELSEWHERE);
      this.index = new Map();
      this.units.forEach((unit, i) => {
        this.classes[unit] = i < classes.length ? classes[i] : NO_DATA;
        this.index.set(unit, i);
      });
      this.text = cells.text || [];
      this.note = cells.note || [];
      this.version += 1;
    }

    /** The class of a unit. */
    of(unit) {
      return unit < this.classes.length ? this.classes[unit] : ELSEWHERE;
    }
  }

  /** Paths of a tile's cells joined by class; made again only when the classes have changed. */
  function groups(layer, cells) {
    if (layer.groups && layer.groups.cells === cells && layer.groups.version === cells.version) {
      return layer.groups.paths;
    }
    const paths = new Map();
    for (const feature of layer.features()) {
      const value = cells.of(feature.id);
      if (value === ELSEWHERE) continue;
      if (!paths.has(value)) paths.set(value, new Path2D());
      paths.get(value).addPath(feature.path);
    }
    layer.groups = { cells, version: cells.version, paths };
    return paths;
  }

  /** A pattern of 45° lines on the no-data ground, in device pixels. */
  function hatch(context, ground, line, size) {
    const side = Math.max(4, Math.round(size));
    const tile = document.createElement('canvas');
    tile.width = side;
    tile.height = side;
    const pen = tile.getContext('2d');
    pen.fillStyle = ground;
    pen.fillRect(0, 0, side, side);
    pen.strokeStyle = map.mix(line, ground, 0.5);
    pen.lineWidth = side / HATCH_PX;
    pen.beginPath();
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift - side, side * 2);
      pen.lineTo(shift + side * 2, -side);
    }
    pen.stroke();
    return { pattern: context.createPattern(tile, 'repeat'), side };
  }

  /** Hold the pattern still against the world whatever the transform. */
  function anchor(context, frame, made) {
    const shift = (value) => -((value * frame.ratio) % made.side);
    const matrix = context.getTransform().inverse().translate(shift(frame.x), shift(frame.y));
    made.pattern.setTransform(matrix);
    return made.pattern;
  }

  /** Paint the cells of the state's level. */
  function paint(context, frame, scene) {
    const state = scene.state;
    const ground = (state.hatch && state.hatch.ground) || scene.colours.get('nodata');
    const line = (state.hatch && state.hatch.line) || scene.colours.get('hatch');
    const made = hatch(context, ground, line, HATCH_PX * scene.scale * frame.ratio);
    for (const part of scene.stage.parts(state.level, 'cells')) {
      frame.within(context, part, (_, layer) => {
        for (const [value, path] of groups(layer, scene.cells)) {
          if (value === TOO_FEW) context.fillStyle = anchor(context, frame, made);
          else context.fillStyle = value === NO_DATA ? ground : state.palette[value] || ground;
          context.fill(path);
        }
      });
    }
  }

  map.Cells = Cells;
  map.paintCells = paint;
})();
