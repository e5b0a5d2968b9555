// Rings and lines of vector tiles as flat arrays of numbers, and paths made of them.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const MOVE = 1; // commands of the format
  const CLOSE = 7;

  /** Rings or lines of a feature as flat arrays x, y, x, y …; far quicker than points as objects. */
  function strokesOf(feature) {
    const pbf = feature._pbf;
    pbf.pos = feature._geometry;
    const end = pbf.readVarint() + pbf.pos;
    const strokes = [];
    let x = 0;
    let y = 0;
    let stroke = null;
    while (pbf.pos < end) {
      const word = pbf.readVarint();
      const command = word & 7;
      if (command === CLOSE) {
        stroke.push(stroke[0], stroke[1]);
        continue;
      }
      for (let left = word >> 3; left > 0; left -= 1) {
        x += pbf.readSVarint();
        y += pbf.readSVarint();
        if (command === MOVE) strokes.push((stroke = []));
        stroke.push(x, y);
      }
    }
    return strokes;
  }

  /** Add strokes to a path; single points become dots under a round cap. */
  function trace(path, strokes) {
    for (const stroke of strokes) {
      path.moveTo(stroke[0], stroke[1]);
      if (stroke.length === 2) path.lineTo(stroke[0], stroke[1]);
      for (let i = 2; i < stroke.length; i += 2) path.lineTo(stroke[i], stroke[i + 1]);
    }
  }

  /** Add a stroke without the segments that only exist because the tile was clipped. */
  function traceInside(path, stroke, extent) {
    let open = false;
    for (let i = 2; i < stroke.length; i += 2) {
      const [ax, ay, bx, by] = [stroke[i - 2], stroke[i - 1], stroke[i], stroke[i + 1]];
      const outside = (ax < 0 && bx < 0) || (ay < 0 && by < 0) ||
        (ax > extent && bx > extent) || (ay > extent && by > extent);
      if (!outside && !open) path.moveTo(ax, ay);
      if (!outside) path.lineTo(bx, by);
      open = !outside;
    }
  }

  /** The least box around strokes: [left, top, right, bottom]. */
  function boxOf(strokes) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const stroke of strokes) {
      for (let i = 0; i < stroke.length; i += 2) {
        if (stroke[i] < box[0]) box[0] = stroke[i];
        if (stroke[i] > box[2]) box[2] = stroke[i];
        if (stroke[i + 1] < box[1]) box[1] = stroke[i + 1];
        if (stroke[i + 1] > box[3]) box[3] = stroke[i + 1];
      }
    }
    return box;
  }

  map.strokes = { strokesOf, trace, traceInside, boxOf };
})();
