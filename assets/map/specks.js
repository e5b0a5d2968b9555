// Borders without the rings of islets and holes that are too small on the screen to be more than a speck.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const SPECK = 64; // tile units, of 4096 to some 400 pixels: about six of them

  /** Lines joined end to end, as lists of lines. */
  function joined(strokes) {
    const above = new Map(); // from a corner to another one of its net
    const root = (corner) => {
      let top = corner;
      while (above.get(top) !== top) {
        above.set(top, above.get(above.get(top)));
        top = above.get(top);
      }
      return top;
    };
    const corner = (stroke, at) => {
      const key = `${stroke[at]},${stroke[at + 1]}`;
      if (!above.has(key)) above.set(key, key);
      return key;
    };
    const starts = strokes.map((stroke) => {
      const start = corner(stroke, 0);
      above.set(root(corner(stroke, stroke.length - 2)), root(start));
      return start;
    });
    const nets = new Map();
    strokes.forEach((stroke, i) => {
      const key = root(starts[i]);
      if (!nets.has(key)) nets.set(key, []);
      nets.get(key).push(stroke);
    });
    return [...nets.values()];
  }

  /** Whether lines lie inside a tile and are so small together that they would be a speck. */
  function speck(strokes, extent) {
    const [left, top, right, bottom] = map.strokes.boxOf(strokes);
    return Math.max(right - left, bottom - top) < SPECK &&
      left > 0 && top > 0 && right < extent && bottom < extent;
  }

  /** The lines of a tile but for those that are specks, alone or together. */
  function withoutSpecks(strokes, extent) {
    return joined(strokes).filter((net) => !speck(net, extent)).flat();
  }

  map.withoutSpecks = withoutSpecks;
})();
