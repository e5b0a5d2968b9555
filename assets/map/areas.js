// What signs find on the map: the areas of units, and what the cards over it hide.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const CARDS = '.overlay .map-head, .overlay .alerts, .overlay .card, .overlay .legend, .overlay .zoom, .overlay .scale, .overlay .layers, .path-row, .wall-map .wall-head, .wall-map .wall-legend, .wall-slot.wall-card';

  /** The box round the known parts of a unit, in pixels of the view. */
  function boxOf(known, zoom) {
    const sides = known.map(({ tile, extent, feature: { box } }) => [0, 1, 2, 3].map((side) => {
      const inTile = Math.max(0, Math.min(extent, box[side])) / extent;
      return (inTile + (side % 2 ? tile.y : tile.x)) * tile.span / zoom;
    }));
    const along = (side, choose) => choose(...sides.map((each) => each[side]));
    return [along(0, Math.min), along(1, Math.min), along(2, Math.max), along(3, Math.max)];
  }

  /** Tells of points, in pixels of the view, whether they lie in a unit, and has its `box`, null where no tile knows it; null without tiles. */
  function areaOf(scene, layer, unit) {
    const { stage, leaflet } = scene;
    const parts = layer && layer !== 'building' ? stage.parts(layer, 'cells') : [];
    if (unit === undefined || !parts.length) return null;
    const zoom = leaflet.getZoomScale(stage.frame.zoom, leaflet.getZoom());
    const known = [];
    for (const { tile, layer: shapes } of parts) {
      for (const feature of shapes.features()) {
        if (feature.id === unit) known.push({ tile, extent: shapes.extent, feature });
      }
    }
    const area = (x, y) => known.some(({ tile, extent, feature: { box, path } }) => {
      const across = (x * zoom / tile.span - tile.x) * extent;
      const down = (y * zoom / tile.span - tile.y) * extent;
      if (across < Math.max(0, box[0]) || down < Math.max(0, box[1])) return false;
      if (across >= Math.min(extent, box[2]) || down >= Math.min(extent, box[3])) return false;
      return map.scratch(1, 1).isPointInPath(path, across, down);
    });
    area.box = known.length ? boxOf(known, zoom) : null;
    return area;
  }

  /** What the cards over the map hide of it, in the pixels of the view. */
  function hidden(scene, view) {
    const ground = scene.container.getBoundingClientRect();
    return [...document.querySelectorAll(CARDS)].map((card) => {
      const box = card.getBoundingClientRect();
      const [x, y] = [view.min.x - ground.left, view.min.y - ground.top];
      return [box.left + x, box.top + y, box.right + x, box.bottom + y];
    });
  }

  map.areaOf = areaOf;
  map.hidden = hidden;
})();
