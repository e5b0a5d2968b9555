// Open cases of a department: the longer one waits the more it stands out; of the overdue only the worst are large.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const RADII = { there: 1.6, new: 2.4, soon: 3, long: 3.6, overdue: 4.6, worst: 8 };
  const ORDER = Object.keys(RADII);
  const DIAMONDS = ['overdue', 'worst'];

  /** Draw the cases, the worst on top, and note the room of these: names give way to them, and lie over the small. */
  function drawWaiting(signs, cases, taken) {
    const { scene } = signs;
    const sorted = cases.slice().sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    return sorted.map(({ lon, lat, kind, text, href }) => {
      const element = map.board('map-wait');
      const r = RADII[kind] * scene.scale;
      const shape = DIAMONDS.includes(kind) ? ['path', { d: `M0 ${-r}L${r} 0L0 ${r}L${-r} 0Z` }] : ['circle', { r: r.toFixed(1) }];
      element.appendChild(map.svg(shape[0], { ...shape[1], class: `map-wait-${kind}` }));
      if (kind === 'worst') {
        const { x, y } = signs.point({ lon, lat });
        taken.push([x - r, y - r, x + r, y + r]);
      }
      return { element, lat, lon, text, href };
    });
  }

  map.drawWaiting = drawWaiting;
})();
