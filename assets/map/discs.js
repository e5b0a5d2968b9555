// Counts on buildings: a number in a disc from three cases on, beside its building where it is crowded; a dot below.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const NUMBER_FROM = 3;
  const MOST = 400;
  const RADIUS = 11.5; // round one building, where there is room
  const SMALLER = 9; // among all of a place
  const BARE = 6; // of a disc that has no room for its number anywhere near
  const GAP = 3; // pixels between two discs
  const LETTERS = 1.16; // height of the number, in radii
  const DOT = 4.6;
  const TURNS = 12; // directions that a crowded disc tries to give way in
  const FAR = [0.6, 1, 1.4, 1.8, 2.2, 2.7, 3.3]; // how far, in radii: still at its own building

  /** Half the width of a disc. */
  function reachOf(scene) {
    return (scene.single() ? RADIUS : SMALLER) * scene.scale;
  }

  /** A number in a dark disc, the disc alone, or a light dot. */
  function draw(scene, disc, roomy) {
    const scale = scene.scale;
    const element = map.board('map-disc');
    if (disc.n >= NUMBER_FROM && !roomy) {
      element.appendChild(map.svg('circle', { r: BARE * scale, class: 'map-disc-plate' }));
    } else if (disc.n < NUMBER_FROM) {
      element.appendChild(map.svg('circle', { r: DOT * scale, class: 'map-disc-dot' }));
    } else {
      const wide = String(disc.n).length > 2 ? 2.5 * scale : 0;
      const reach = reachOf(scene);
      element.appendChild(map.svg('circle', { r: reach + wide, class: 'map-disc-plate' }));
      element.appendChild(map.svg('text', {
        y: reach * 0.4, 'font-size': reach * LETTERS, class: 'map-disc-number',
      }, String(disc.n)));
    }
    return { element, lat: disc.lat, lon: disc.lon, href: disc.href, text: disc.text || String(disc.n) };
  }

  /** Whether a point lies within a distance of a box. */
  function near(box, at, reach) {
    return at.x > box[0] - reach && at.x < box[2] + reach && at.y > box[1] - reach && at.y < box[3] + reach;
  }

  /** Whether a circle touches a card or the edge of the view: what is cut says less than nothing. */
  function cut(ground, at, reach) {
    const { min, max } = ground.view;
    const [left, top, right, bottom] = [at.x - reach, at.y - reach, at.x + reach, at.y + reach];
    const gone = right < min.x || bottom < min.y || left > max.x || top > max.y; // may come with a drag
    const whole = left >= min.x && top >= min.y && right <= max.x && bottom <= max.y;
    return (!gone && !whole) || ground.cards.some((card) => near(card, at, reach));
  }

  /** Whether a circle lies within the border of the place. */
  function within(ground, at, reach) {
    const far = reach + GAP;
    return !ground.place || [[0, 0], [far, 0], [-far, 0], [0, far], [0, -far]]
      .every(([x, y]) => ground.place(at.x + x, at.y + y));
  }

  /** Where discs may stand: the view without its cards; of a place, within its border. */
  function groundOf(scene) {
    const view = scene.leaflet.getPixelBounds();
    const { level, unit } = scene.state.at;
    const place = scene.single() || scene.whole() ? null : map.areaOf(scene, level, unit);
    return { view, cards: map.hidden(scene, view), place };
  }

  /** The nearest point at which a disc meets nothing, or null. */
  function room(at, reach, taken, may) {
    const free = (point) => may(point) && !taken.some((other) => (Array.isArray(other)
      ? near(other, point, reach)
      : Math.hypot(other.x - point.x, other.y - point.y) < other.reach + reach + GAP));
    if (free(at)) return at;
    for (const far of FAR) {
      for (let turn = 0; turn < TURNS; turn += 1) {
        const angle = (2 * Math.PI * turn) / TURNS;
        const point = { x: at.x + far * reach * Math.cos(angle), y: at.y + far * reach * Math.sin(angle) };
        if (free(point)) return point;
      }
    }
    return null;
  }

  /** Draw the counts, the greatest on top; marks hide them, crowded ones give way or lose their number. */
  function drawDiscs(signs, discs, taken) {
    const marks = taken.slice();
    const inTheWay = taken.slice(); // boxes of marks and names, and the discs themselves, which are round
    const reach = reachOf(signs.scene);
    const ground = groundOf(signs.scene);
    const seen = (point) => !cut(ground, point, reach);
    const inside = (point) => seen(point) && within(ground, point, reach);
    const known = discs.filter((disc) => Number.isFinite(disc.lon) && Number.isFinite(disc.lat));
    const drawn = [];
    const small = []; // give way to no disc, but names keep clear of them
    for (const disc of known.sort((a, b) => b.n - a.n).slice(0, MOST)) {
      const at = signs.point(disc);
      if (marks.some((box) => near(box, at, 0))) continue;
      const point = disc.n < NUMBER_FROM ? null
        : room(at, reach, inTheWay, inside) || room(at, reach, inTheWay, seen);
      if (!point && cut(ground, at, disc.n < NUMBER_FROM ? DOT : BARE)) continue;
      if (point) {
        inTheWay.push({ ...point, reach });
        taken.push([point.x - reach, point.y - reach, point.x + reach, point.y + reach]);
      } else small.push([at.x - BARE, at.y - BARE, at.x + BARE, at.y + BARE]);
      const placed = point ? { ...disc, ...signs.where(point) } : disc;
      drawn.unshift(draw(signs.scene, placed, Boolean(point)));
    }
    taken.push(...small);
    return drawn;
  }

  map.drawDiscs = drawDiscs;
})();
