// Counts on buildings: a number in a disc from three cases on, a dot below.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const NUMBER_FROM = 3;
  const MOST = 400;
  const RADIUS = 11.5;

  /** A number in a dark disc, or a light dot. */
  function draw(scene, disc, numbered) {
    const scale = scene.scale;
    const element = map.board('map-disc');
    if (!numbered) {
      element.appendChild(map.svg('circle', { r: 4.6 * scale, class: 'map-disc-dot' }));
    } else {
      const wide = String(disc.n).length > 2 ? 2.5 * scale : 0;
      element.appendChild(map.svg('circle', { r: RADIUS * scale + wide, class: 'map-disc-plate' }));
      element.appendChild(map.svg('text', {
        y: 4.6 * scale, 'font-size': 13 * scale, class: 'map-disc-number',
      }, String(disc.n)));
    }
    return { element, lat: disc.lat, lon: disc.lon, href: disc.href, text: disc.text || String(disc.n) };
  }

  /** Whether a point lies within a distance of a box. */
  function near(box, at, reach) {
    return at.x > box[0] - reach && at.x < box[2] + reach && at.y > box[1] - reach && at.y < box[3] + reach;
  }

  /** Draw the counts, the greatest on top; marks hide them, crowded ones become dots. */
  function drawDiscs(signs, discs, taken) {
    const marks = taken.slice();
    const reach = RADIUS * signs.scene.scale;
    const known = discs.filter((disc) => Number.isFinite(disc.lon) && Number.isFinite(disc.lat));
    const drawn = [];
    for (const disc of known.sort((a, b) => b.n - a.n).slice(0, MOST)) {
      const at = signs.point(disc);
      if (marks.some((box) => near(box, at, 0))) continue;
      const numbered = disc.n >= NUMBER_FROM && !taken.some((box) => near(box, at, reach * 0.7));
      if (numbered) taken.push([at.x - reach, at.y - reach, at.x + reach, at.y + reach]);
      drawn.unshift(draw(signs.scene, disc, numbered));
    }
    return drawn;
  }

  map.drawDiscs = drawDiscs;
})();
