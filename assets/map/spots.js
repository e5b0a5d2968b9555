// Numbers of the hot spots, the same as in the list beside the map: a light number in a dark disc.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const RADIUS = 12;

  function box(x, y, reach) {
    return [x - reach, y - reach, x + reach, y + reach];
  }

  /** Draw the numbers beside alerts and each other, and note the room that they take. */
  function drawSpots(signs, spots, taken) {
    const scale = signs.scene.scale;
    const reach = RADIUS * scale;
    const steps = [[0, 0], [0, -2], [0, 2], [2, 0], [-2, 0], [2, -2], [-2, -2], [2, 2], [-2, 2]];
    return spots.map((spot) => {
      const at = signs.point(spot);
      const boxes = steps.map(([x, y]) => box(at.x + x * reach, at.y + y * reach, reach));
      const place = boxes.find((one) => !taken.some((other) => map.boxesMeet(one, other))) || boxes[0];
      taken.push(place);
      const element = map.board('map-spot');
      const x = place[0] + reach - at.x;
      const y = place[1] + reach - at.y;
      element.appendChild(map.svg('circle', { cx: x, cy: y, r: reach, class: 'map-spot-plate' }));
      element.appendChild(map.svg('text', {
        x, y: y + 4.7 * scale, 'font-size': 13 * scale, class: 'map-spot-number',
      }, String(spot.n)));
      const { lat, lon, href, text } = spot;
      return { element, lat, lon, href, text, target: { layer: spot.layer, id: spot.id } };
    }).reverse(); // the first lies on top
  }

  map.drawSpots = drawSpots;
})();
