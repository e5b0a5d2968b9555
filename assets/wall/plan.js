// Where each panel of the wall goes: letters by the calibration, columns between the bezels, all in pixels.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const SIDES = ["left", "right", "top", "bottom"];
  const DENSE = 90; // letters across, from which six panels fit …
  const MEDIUM = 60; // … and four
  const ROOMY = 120; // letters across; on a canvas with more room they grow
  const ROWS = 30;
  const WIDE = 2.2; // width by height: beside each other rather than above
  const MOST_BEZELS = 4; // more seams are those of cabinets, which only edges keep to
  const MARGIN = 0.55; // lengths in letters
  const GUTTER = 0.6;
  const HEAD = 2.75;
  const FIGURES = 16; // height of two rows of figures
  const STRIP = { dense: 7.6, medium: 7.6, sparse: 9.4 }; // one row of figures
  const TREND = { dense: 12 };
  const SIDE = { dense: 0.2475, medium: 0.27, sparse: 0.315 }; // of the width
  const TALL_SIDE = { dense: 0.3, medium: 0.34, sparse: 0.38 };
  const ALERTS = { dense: 0.5, medium: 0.5, sparse: 0.49 }; // of the height
  const NARROW = 24; // letters: a map that carries no more than a sparse wall's
  const CARD = { dense: [19, 6.4], medium: [14, 5], sparse: [8, 3.4] };
  const CARD_SHARE = 0.6; // of the map's width at most

  /** Size of a letter and how dense the wall is: the calibration holds where the canvas is the wall. */
  function letters(calibration, width, height) {
    const { base, columns } = calibration;
    const least = width < columns ? base * width / columns : base;
    const across = width / least;
    const density = across >= DENSE ? "dense" : across >= MEDIUM ? "medium" : "sparse";
    return { least, density, em: Math.max(least, Math.min(width / ROOMY, height / ROWS)) };
  }

  /** The stretches of the width between bezels, with air beside each. */
  function bandsOf(seams, width, em) {
    const edges = [0, ...seams, width];
    return edges.slice(1).map((right, i) => ({
      left: edges[i] + (i ? GUTTER / 2 : MARGIN) * em,
      right: right - (i + 2 < edges.length ? GUTTER / 2 : MARGIN) * em,
    }));
  }

  /** A band split at shares of its width, with gutters. */
  function split(band, shares, em) {
    const width = band.right - band.left;
    let at = band.left;
    return shares.map((share, i) => {
      const end = i + 1 < shares.length ? at + share * width - GUTTER * em / 2 : band.right;
      const part = { left: at, right: end };
      at = end + GUTTER * em;
      return part;
    });
  }

  /** The three columns of one band: figures, map, alerts. */
  function three(band, side, em) {
    return split(band, [side, 1 - 2 * side, side], em);
  }

  /** Edges moved to the nearest cabinet: gutters lie on seams, panels may span several. */
  function snapped(columns, seams, em) {
    const near = (x) => seams.reduce((a, b) => (Math.abs(b - x) < Math.abs(a - x) ? b : a));
    return columns.map((column, i) => ({
      left: i ? near(column.left) + GUTTER * em / 2 : column.left,
      right: i + 1 < columns.length ? near(column.right) - GUTTER * em / 2 : column.right,
    }));
  }

  /** The widest band, of equal ones the nearest to the middle: the map's. */
  function widest(bands, width) {
    const size = (band) => Math.round(band.right - band.left);
    const off = (band) => Math.abs((band.left + band.right) / 2 - width / 2);
    return bands.reduce((a, b) =>
      (size(b) > size(a) * 1.05 || (size(b) > size(a) * 0.95 && off(b) <= off(a)) ? b : a));
  }

  /** Columns of panels from left to right; one of them is the map's alone. */
  function columnsOf(bands, side, width, em) {
    const left = ["figures", "trend"];
    const right = ["alerts", "departments"];
    if (bands.length === 1) {
      const [a, map, b] = three(bands[0], side, em);
      return [{ ...a, panels: left }, { ...map, panels: ["map"] }, { ...b, panels: right }];
    }
    const chosen = widest(bands, width);
    let others = bands.filter((band) => band !== chosen);
    if (others.length === 1) others = split(others[0], [0.5, 0.5], em);
    const stacks = {
      2: [left, right], 3: [left, ["alerts"], ["departments"]],
      4: [["figures"], ["trend"], ["alerts"], ["departments"]],
    }[others.length];
    const columns = others.map((band, i) => ({ ...band, panels: stacks[i] }));
    return [...columns, { ...chosen, panels: ["map"] }].sort((a, b) => a.left - b.left);
  }

  /** How the height of a column is shared by its panels, top down, in pixels. */
  function heights(panels, height, gutter, { em, density }) {
    if (panels.length === 1) return [height];
    const free = height - gutter;
    const first = panels[0] === "figures"
      ? Math.max(Math.min(FIGURES * em, free * 0.62), free * 0.42) : free * ALERTS[density];
    return [first, free - first];
  }

  /** The panels of a density: a sparse wall shows departments and trend in turn. */
  function shown(panels, density) {
    return panels.filter((panel) => panel !== "trend" || density === "dense");
  }

  /** A column's panels as boxes. */
  function stack(column, top, bottom, size) {
    const panels = shown(column.panels, size.density);
    if (!panels.length) panels.push(...column.panels);
    const gutter = GUTTER * size.em;
    let at = top;
    return heights(panels, bottom - top, gutter, size).map((height, i) => {
      const box = { left: column.left, right: column.right, top: at, bottom: at + height };
      at += height + gutter;
      return [panels[i], box];
    });
  }

  /** Beside each other: a wide wall, or one of several screens. */
  function beside(bands, top, bottom, width, size) {
    const side = SIDE[size.density];
    const columns = columnsOf(bands, side, width, size.em);
    return { columns, boxes: columns.flatMap((column) => stack(column, top, bottom, size)) };
  }

  /** Above each other: figures in a row, below them the map with the trend, and the lists. */
  function above(band, top, bottom, size) {
    const { em, density } = size;
    const gutter = GUTTER * em;
    const strip = top + STRIP[density] * em;
    const side = TALL_SIDE[density];
    const [middle, right] = split(band, [1 - side, side], em);
    const foot = density === "dense" ? bottom - TREND.dense * em : bottom;
    const boxes = [
      ["figures", { left: band.left, right: band.right, top, bottom: strip }],
      ["map", { ...middle, top: strip + gutter, bottom: foot - (density === "dense" ? gutter : 0) }],
      ...stack({ ...right, panels: ["alerts", "departments"] }, strip + gutter, bottom, size),
    ];
    if (density === "dense") boxes.push(["trend", { ...middle, top: foot, bottom }]);
    const columns = three(band, SIDE[density], em).map((column, i) => ({
      ...column, panels: i === 1 ? ["map"] : [],
    }));
    return { columns, boxes };
  }

  /** The head's three pieces over the columns: the title over the map's. */
  function head(columns, em) {
    const line = { top: 0, bottom: HEAD * em };
    const map = columns.find((column) => column.panels[0] === "map");
    const others = columns.filter((column) => column !== map);
    const pieces = { title: map, when: others[0], state: others[others.length - 1] };
    return Object.keys(pieces).map((name) =>
      ["head-" + name, { left: pieces[name].left, right: pieces[name].right, ...line }]);
  }

  /** The card of the focus, in the map's lower right corner. */
  function card(map, small, { em, density }) {
    const [wide, high] = CARD[small ? "sparse" : density];
    const right = map.right - 0.7 * em;
    const bottom = map.bottom - 0.7 * em;
    const width = Math.min(wide * em, (map.right - map.left) * CARD_SHARE);
    return { left: right - width, right, top: bottom - high * em, bottom };
  }

  /** Everything: sizes, density, and a box in whole pixels for each panel. */
  function plan(calibration, width, height) {
    const size = letters(calibration, width, height);
    const { em, density } = size;
    const scale = width < calibration.columns ? width / calibration.columns : 1;
    const seams = (calibration.seams || []).map((x) => x * scale).filter((x) => x > 0 && x < width);
    const bezels = seams.length <= MOST_BEZELS ? seams : [];
    const [top, bottom] = [HEAD * em, height - MARGIN * em];
    const bands = bandsOf(bezels, width, em);
    const across = bands.length > 1 || width / height >= WIDE;
    const found = across ? beside(bands, top, bottom, width, size) : above(bands[0], top, bottom, size);
    if (seams.length > MOST_BEZELS && across) {
      const columns = snapped(found.columns, seams, em)
        .map((column, i) => ({ ...column, panels: found.columns[i].panels }));
      Object.assign(found, { columns, boxes: columns.flatMap((column) => stack(column, top, bottom, size)) });
    }
    const boxes = new Map([...head(found.columns, em), ...found.boxes]);
    const map = boxes.get("map");
    const narrow = map.right - map.left < NARROW * em;
    const small = density === "sparse" || narrow;
    boxes.set("focus", card(map, small, size));
    for (const box of boxes.values()) for (const side of SIDES) box[side] = Math.round(box[side]);
    return { ...size, small, narrow, shape: across ? "wide" : "tall", boxes };
  }

  wall.plan = plan;
})();
