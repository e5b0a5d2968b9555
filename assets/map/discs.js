// Counts on buildings: a number in a disc from three cases on, a dot below.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const NUMBER_FROM = 3;
  const MOST = 400;

  /** A number in a dark disc, or a light dot. */
  function draw(scene, disc) {
    const scale = scene.scale;
    const element = map.board('map-disc');
    if (disc.n < NUMBER_FROM) {
      element.appendChild(map.svg('circle', { r: 4.6 * scale, class: 'map-disc-dot' }));
    } else {
      const wide = String(disc.n).length > 2 ? 2.5 * scale : 0;
      element.appendChild(map.svg('circle', { r: 11.5 * scale + wide, class: 'map-disc-plate' }));
      element.appendChild(map.svg('text', {
        y: 4.6 * scale, 'font-size': 13 * scale, class: 'map-disc-number',
      }, String(disc.n)));
    }
    return { element, lat: disc.lat, lon: disc.lon, href: disc.href, text: disc.text || String(disc.n) };
  }

  /** Draw the greatest counts, the greatest last, and note the room of the numbers; a mark hides the disc under it. */
  function drawDiscs(signs, discs, taken) {
    const hidden = (disc) => {
      const at = signs.point(disc);
      return taken.some((box) => at.x > box[0] && at.x < box[2] && at.y > box[1] && at.y < box[3]);
    };
    const known = discs.filter((disc) =>
      Number.isFinite(disc.lon) && Number.isFinite(disc.lat) && !hidden(disc));
    known.sort((a, b) => a.n - b.n);
    for (const disc of known.filter((one) => one.n >= NUMBER_FROM)) {
      const point = signs.point(disc);
      const reach = 11 * signs.scene.scale;
      taken.push([point.x - reach, point.y - reach, point.x + reach, point.y + reach]);
    }
    return known.slice(-MOST).map((disc) => draw(signs.scene, disc));
  }

  map.drawDiscs = drawDiscs;
})();
