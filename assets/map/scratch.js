// A canvas for passing work: what is drawn there is read or copied at once.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  let spare = null;

  /** A canvas context for passing work, cleared and at least of that size. */
  function scratch(width, height) {
    spare = spare || document.createElement('canvas').getContext('2d');
    if (spare.canvas.width < width || spare.canvas.height < height) {
      spare.canvas.width = Math.max(width, spare.canvas.width);
      spare.canvas.height = Math.max(height, spare.canvas.height);
    }
    spare.setTransform(1, 0, 0, 1, 0, 0);
    if (width > 1) spare.clearRect(0, 0, spare.canvas.width, spare.canvas.height);
    return spare;
  }

  map.scratch = scratch;
})();
