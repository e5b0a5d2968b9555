// Pens of the planner's map: fills by class, cross-hatch, buildings as dots, today's borders, the draft's.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const CLASSES = 5;
  const FILL = 0.56; // the base map shows through
  const HATCH_PX = 9;
  const DOT = 1.05; // pixels of the radius by the root of households, from close by
  const [LEAST_PX, MOST_PX] = [1.4, 9];
  const DOTS_FROM = 0.07; // pixels per metre
  const CLOSE = 0.6; // from where dots have their full size
  const WIDE_FROM = 0.15; // pixels per metre; from farther away borders are thinner, down to …
  const THINNEST = 0.45;
  const patterns = new Map();

  /** The class of a value, from 1. */
  function classOf(value, breaks) {
    const passed = breaks.filter((limit) => value >= limit).length;
    return Math.min(CLASSES, passed + 1);
  }

  /** Lines both ways, as a pattern of device pixels. */
  function crossed(context, colour, ratio) {
    const key = `${colour} ${ratio}`;
    if (patterns.has(key)) return patterns.get(key);
    const size = Math.round(HATCH_PX * ratio);
    const tile = document.createElement("canvas");
    tile.width = size;
    tile.height = size;
    const pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = ratio;
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size);
      pen.lineTo(shift + size, 0);
      pen.moveTo(shift, 0);
      pen.lineTo(shift + size, size);
    }
    pen.stroke();
    const made = context.createPattern(tile, "repeat");
    patterns.set(key, made);
    return made;
  }

  /** Fill a path that was made in metres with a pattern of pixels. */
  function patterned(context, view, ratio, path, pattern) {
    context.save();
    view.enter(context, ratio);
    context.clip(path, "evenodd");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = pattern;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.restore();
  }

  /** Grids by class of a measure; what is locked is cross-hatched. */
  function fills(context, map, list, classes) {
    const { view, ratio, colours } = map;
    view.enter(context, ratio);
    for (const grid of list) {
      const value = grid[classes.key];
      const token = Number.isFinite(value) ? `s${classOf(value, classes.breaks)}` : "nodata";
      context.fillStyle = root.map.faded(colours.get(token), FILL);
      context.fill(grid.path, "evenodd");
    }
    for (const grid of list) {
      if (grid.locked) patterned(context, view, ratio, grid.path, crossed(context, colours.get("hatch"), ratio));
    }
  }

  /** Radius in pixels of a building's dot. */
  function radiusOf(households, scale) {
    const size = DOT * Math.sqrt(households) * Math.min(1.15, scale / CLOSE);
    return Math.min(MOST_PX, Math.max(LEAST_PX, size));
  }

  /** Buildings, the larger the more households live there; where nobody does, grey points. */
  function dots(context, map, chosen) {
    const { view, ratio, colours } = map;
    if (view.scale < DOTS_FROM) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.strokeStyle = colours.get("map-halo");
    context.lineWidth = Math.min(1.2, 1.2 * view.scale / CLOSE);
    for (const house of map.grids.houses) {
      const [x, y] = view.screen(house.at);
      if (x < -10 || y < -10 || x > view.width + 10 || y > view.height + 10) continue;
      const radius = radiusOf(house.households, view.scale);
      context.fillStyle = colours.get(chosen.has(house.id) ? "accent" : house.households ? "t2" : "mute");
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      if (chosen.has(house.id)) ring(context, [x, y], radius + 3.5, colours.get("accent"), 2);
    }
  }

  function ring(context, [x, y], radius, colour, width) {
    context.save();
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.restore();
  }

  /** Stroke paths made in metres; the width and dashes are pixels. */
  function borders(context, map, list, { colour, width, dash = [] }) {
    const { view, ratio } = map;
    view.enter(context, ratio);
    context.strokeStyle = colour;
    context.lineWidth = width * Math.min(1, Math.max(THINNEST, view.scale / WIDE_FROM)) / view.scale;
    context.lineJoin = "round";
    context.setLineDash(dash.map((length) => length / view.scale));
    for (const { path } of list) context.stroke(path);
    context.setLineDash([]);
  }

  /** Today's borders, dashed as in the legend; where the draft's lie on them they are covered. */
  function ghost(context, map) {
    const lines = [map.grids.todayLines];
    borders(context, map, lines, { colour: map.colours.get("map-halo"), width: 4.5 });
    borders(context, map, lines, { colour: map.colours.get("d7"), width: 2.2, dash: [7, 4] });
  }

  /** The draft's borders; the chosen grid stands out. */
  function draft(context, map, selected) {
    const { colours, grids } = map;
    borders(context, map, grids.list, { colour: root.map.faded(colours.get("map-halo"), 0.8), width: 4.6 });
    borders(context, map, grids.list, { colour: colours.get("t1"), width: 2 });
    const chosen = grids.list.filter((grid) => grid.code === selected);
    borders(context, map, chosen, { colour: colours.get("map-halo"), width: 7.5 });
    borders(context, map, chosen, { colour: colours.get("accent"), width: 3.6 });
  }

  /** What is not of this place steps back. */
  function veil(context, map) {
    const { view, ratio, grids } = map;
    const around = new Path2D();
    const [left, top] = view.plane([-4, -4]);
    const [right, bottom] = view.plane([view.width + 4, view.height + 4]);
    around.rect(left, top, right - left, bottom - top);
    view.enter(context, ratio);
    context.fillStyle = root.map.faded(map.colours.get("map-ground"), 0.28);
    for (const grid of grids.list) around.addPath(grid.path);
    context.fill(around, "evenodd");
  }

  planner.pens = { fills, dots, ghost, draft, veil, borders, crossed, patterned, ring, classOf };
})();
