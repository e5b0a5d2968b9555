// Buildings by kind with a short shadow, and the outlines of estates.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const SHADOW_ZOOM = 16.2;
  const EDGE_ZOOM = 15.5;
  // kind → [token `map-house-…`, metres of shadow]
  const KINDS = {
    slab: ['slab', 6], mid: ['mid', 11], tower: ['tower', 26], high: ['tower', 26], old: ['old', 2.5],
    village: ['village', 2], house: ['village', 2], mall: ['mall', 8], commerce: ['mall', 8],
    shop: ['low', 2.5], factory: ['factory', 4], warehouse: ['factory', 4], school: ['school', 4.5],
    hospital: ['hospital', 9], office: ['office', 18], terminal: ['office', 6],
  };
  const OTHER = ['slab', 5];

  const NORTH_EAST = [0.62, -0.62];
  const SOUTH = [0, 1];
  const LAWNS = ['slab', 'mid', 'tower', 'high']; // homes with a strip of green before the door
  const LAWN_M = [2, 13]; // begins and ends so far from the wall
  const LAWN_ZOOM = 16.6;
  const OVER_CELLS = 0.38; // so dark are houses on a class colour, which must still be told

  /** The path swept from one distance to another in tile units, as one path. */
  function swept(path, way, from, to, px) {
    const out = new Path2D();
    const steps = Math.max(2, Math.min(28, Math.ceil((to - from) / px)));
    for (let i = 0; i <= steps; i += 1) {
      const by = from + ((to - from) * i) / steps;
      out.addPath(path, new DOMMatrix([1, 0, 0, 1, way[0] * by, way[1] * by]));
    }
    return out;
  }

  /** Green before the south side of homes. */
  function lawns(context, frame, scene) {
    context.fillStyle = scene.colours.get('map-park');
    for (const part of scene.stage.parts('buildings', 'buildings')) {
      frame.within(context, part, (px, layer) => {
        for (const [kind, path] of layer.kinds()) {
          if (!LAWNS.includes(kind)) continue;
          const [from, to] = LAWN_M.map((metres) => metres * frame.metre * px);
          context.fill(swept(path, SOUTH, from, to, px));
        }
      });
    }
  }

  /** Shadows: opaque on a spare canvas, then laid over at once so that they do not add up. */
  function shadows(context, frame, scene) {
    const width = Math.round(frame.width * frame.ratio);
    const height = Math.round(frame.height * frame.ratio);
    const spare = map.scratch(width, height);
    spare.fillStyle = scene.colours.get('map-shadow');
    for (const part of scene.stage.parts('buildings', 'buildings')) {
      const px = frame.enter(spare, part.tile, part.layer.extent);
      for (const [kind, path] of part.layer.kinds()) {
        const length = (KINDS[kind] || OTHER)[1] * frame.metre * px;
        spare.fill(swept(path, NORTH_EAST, 0, length, px));
      }
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 0.5;
    context.drawImage(spare.canvas, 0, 0, width, height, 0, 0, width, height);
    context.globalAlpha = 1;
  }

  /** Dashed walls of the estates. */
  function estates(context, frame, scene) {
    context.strokeStyle = scene.colours.get('map-wall');
    context.lineCap = 'butt';
    for (const part of scene.stage.parts('estates', 'estates')) {
      frame.within(context, part, (px, layer) => {
        context.lineWidth = 0.8 * px;
        context.setLineDash([5 * px, 2.5 * px]);
        for (const path of layer.edges().values()) context.stroke(path);
      });
    }
  }

  /** Houses as dark shapes: over cells their own colours would be taken for a class. */
  function shapes(context, frame, scene) {
    const ink = scene.colours.get('map-shadow');
    context.fillStyle = map.faded(ink, OVER_CELLS);
    context.strokeStyle = map.faded(ink, OVER_CELLS * 2);
    for (const part of scene.stage.parts('buildings', 'buildings')) {
      frame.within(context, part, (px, layer) => {
        context.lineWidth = 0.6 * px;
        for (const path of layer.kinds().values()) context.fill(path);
        if (frame.zoom < EDGE_ZOOM) return;
        for (const path of layer.edges().values()) context.stroke(path);
      });
    }
  }

  /** Estates, lawns and shadows, then the houses. */
  function paint(context, frame, scene) {
    if (frame.zoom >= LAWN_ZOOM) lawns(context, frame, scene);
    if (frame.zoom >= EDGE_ZOOM) estates(context, frame, scene);
    if (frame.zoom >= SHADOW_ZOOM) shadows(context, frame, scene);
    for (const part of scene.stage.parts('buildings', 'buildings')) {
      frame.within(context, part, (px, layer) => houses(context, frame, scene, px, layer));
    }
  }

  /** The houses of one tile, by kind. */
  function houses(context, frame, scene, px, layer) {
    context.strokeStyle = scene.colours.get('map-house-edge');
    context.lineWidth = 0.6 * px;
    for (const [kind, path] of layer.kinds()) {
      context.fillStyle = scene.colours.get('map-house-' + (KINDS[kind] || OTHER)[0]);
      context.fill(path);
      if (frame.zoom >= EDGE_ZOOM) context.stroke(layer.edges().get(kind));
    }
  }

  map.paintBuildings = paint;
  map.paintShapes = shapes;
})();
