// Open cases of a department where they are: the worse, the larger and the later drawn.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const RADII = { there: 2, new: 3.2, soon: 4.4, long: 5.6, overdue: 7.5 };
  const ORDER = Object.keys(RADII);

  /** Draw the cases and note the room of those that must be seen. */
  function drawWaiting(signs, cases, taken) {
    const { scene } = signs;
    const sorted = cases.slice().sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    return sorted.map(({ lon, lat, kind, text, href }) => {
      const element = map.board('map-wait');
      const r = RADII[kind] * scene.scale;
      const shape = kind === 'overdue' ? ['path', { d: `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z` }] : ['circle', { r: r.toFixed(1) }];
      element.appendChild(map.svg(shape[0], { ...shape[1], class: `map-wait-${kind}` }));
      if (kind === 'overdue' || kind === 'long') {
        const { x, y } = signs.point({ lon, lat });
        taken.push([x - r, y - r, x + r, y + r]);
      }
      return { element, lat, lon, text, href };
    });
  }

  map.drawWaiting = drawWaiting;
})();
