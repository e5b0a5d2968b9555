// Single cases of a window that holds few of them: a dot each; where several lie, one of their joint surface.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const RADIUS = 4.4;
  const LARGEST = 3; // times that: cases that are only known to lie in a village have one place
  const RING = 2.2; // in a colour of the heat: houses and letters are as bright as the dot
  const CASING = 1.4;

  /** Draw the cases, the small on top, and note their room; the style hides them while the picture moves on. */
  function drawCasePoints(signs, points, taken) {
    const { scene } = signs;
    const largestFirst = points.slice().sort((a, b) => b.n - a.n);
    return largestFirst.map(({ lon, lat, n }) => {
      const element = map.board('map-case');
      const r = RADIUS * scene.scale * Math.min(LARGEST, Math.sqrt(n));
      const [ring, casing] = [RING * scene.scale, CASING * scene.scale];
      element.appendChild(map.svg('circle', { r: r + ring / 2 + casing, class: 'map-case-casing' }));
      element.appendChild(map.svg('circle', { r, class: 'map-case-point', 'stroke-width': ring }));
      const { x, y } = signs.point({ lon, lat });
      taken.push([x - r, y - r, x + r, y + r]);
      return { element, lat, lon };
    });
  }

  map.drawCasePoints = drawCasePoints;
})();
