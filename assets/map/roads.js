// Roads and railways: hairlines over a choropleth, true widths with a casing on the base map.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const DETAIL_ZOOM = 13.4; // local streets and lanes appear
  const SQUARES = 16; // of a tile, to each side
  const LEAST_KNOWN = 0.05; // of the box of the place: squares with a road in them
  // class: metres on the ground, least pixels on the base map
  const CLASSES = {
    lane: [4, 0.35], local: [8, 0.5], secondary: [14, 0.9], arterial: [23, 1.5], motorway: [30, 2.2],
  };
  const THIN = { secondary: [0.45, 'map-thin-minor'], arterial: [0.75, 'map-thin-major'] };
  const ALIAS = {
    trunk: 'motorway', primary: 'arterial', tertiary: 'secondary', residential: 'local',
    unclassified: 'local', service: 'lane', track: 'lane', path: 'lane', street: 'local',
  };

  /** Stroke one class in all tiles; pen: colour, width in pixels, dash in pixels, cap. */
  function stroke(context, frame, scene, name, pen) {
    context.strokeStyle = pen.colour;
    context.lineJoin = 'round';
    context.lineCap = pen.dash ? 'butt' : 'round';
    for (const part of scene.stage.parts('base', 'roads')) {
      frame.within(context, part, (px, layer) => {
        context.lineWidth = pen.width * px;
        context.setLineDash((pen.dash || []).map((length) => length * px));
        for (const [kind, path] of layer.kinds()) {
          if (kind === name || ALIAS[kind] === name) context.stroke(path);
        }
      });
    }
  }

  /** Railway: a line with a dashed core. */
  function rail(context, frame, scene, width) {
    const colours = scene.colours;
    stroke(context, frame, scene, 'rail', { colour: colours.get('map-rail'), width });
    const dash = [5 * scene.scale, 5 * scene.scale];
    stroke(context, frame, scene, 'rail', { colour: colours.get('map-halo'), width: width * 0.6, dash });
  }

  /** Which squares of a tile have a road in them, as numbers; found once. */
  function squares(layer) {
    if (layer.squares) return layer.squares;
    const side = layer.extent / SQUARES;
    layer.squares = new Set();
    for (const { points } of layer.lines()) {
      for (const [x, y] of points) {
        if (x >= 0 && y >= 0 && x < layer.extent && y < layer.extent) {
          layer.squares.add(Math.floor(y / side) * SQUARES + Math.floor(x / side));
        }
      }
    }
    return layer.squares;
  }

  /** Whether roads are known in a part of the place so small that they look like a scratch on it. */
  function scratched(frame, scene) {
    let known = 0;
    for (const { tile, layer } of scene.stage.parts('base', 'roads')) {
      known += squares(layer).size * Math.pow(tile.span / SQUARES, 2);
    }
    const [west, south, east, north] = scene.state.box;
    const [low, high] = [[south, west], [north, east]].map((corner) => scene.leaflet.project(corner, frame.zoom));
    return known < LEAST_KNOWN * Math.abs((high.x - low.x) * (high.y - low.y));
  }

  /** Over opaque cells: thin, grey, never louder than the data. */
  function thin(context, frame, scene) {
    if (scene.whole() && scratched(frame, scene)) return;
    const scale = scene.scale * Math.max(1, Math.min(2.2, Math.pow(1.3, frame.zoom - 11.5)));
    const colours = scene.colours;
    const line = (name, width, token) =>
      stroke(context, frame, scene, name, { colour: colours.get(token), width: width * scale });
    line('secondary', THIN.secondary[0], THIN.secondary[1]);
    rail(context, frame, scene, 1.1 * scale);
    line('arterial', THIN.arterial[0], THIN.arterial[1]);
    line('motorway', 2.6, 'map-halo');
    line('motorway', 1.5, 'map-thin-motorway');
  }

  /** Width in pixels of a class on the base map. */
  function width(frame, scene, name) {
    return Math.max(CLASSES[name][1] * scene.scale, CLASSES[name][0] * frame.metre);
  }

  /** Streets up to secondary, under the greater roads. */
  function minor(context, frame, scene) {
    const names = frame.zoom >= DETAIL_ZOOM ? ['lane', 'local', 'secondary'] : ['secondary'];
    const casing = scene.colours.get('map-road-casing');
    for (const name of names) {
      const wide = width(frame, scene, name) + 1.2;
      if (frame.zoom >= DETAIL_ZOOM) stroke(context, frame, scene, name, { colour: casing, width: wide });
    }
    for (const name of names) {
      const pen = { colour: scene.colours.get('map-road-' + name), width: width(frame, scene, name) };
      stroke(context, frame, scene, name, pen);
    }
  }

  /** On the base map: true widths, the greater over the lesser. */
  function full(context, frame, scene) {
    minor(context, frame, scene);
    rail(context, frame, scene, Math.max(1, 5 * frame.metre));
    const casing = scene.colours.get('map-road-casing');
    for (const name of ['arterial', 'motorway']) {
      const wide = width(frame, scene, name);
      stroke(context, frame, scene, name, { colour: casing, width: wide + 1.4 });
    }
    for (const name of ['arterial', 'motorway']) {
      const pen = { colour: scene.colours.get('map-road-' + name), width: width(frame, scene, name) };
      stroke(context, frame, scene, name, pen);
    }
  }

  map.paintThinRoads = thin;
  map.paintRoads = full;
})();
