// The base map's areas: ground, blocks tinted by land use, green, water with its shore, and small details.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  // land use → token `map-block-…`; whatever is missing is `other`
  const BLOCKS = {
    slab: 'home', mid: 'home', tower: 'tower', home: 'home', residential: 'home', estate: 'home',
    housing: 'home', old: 'old', village: 'village', hamlet: 'village',
    commerce: 'commerce', commercial: 'commerce',
    retail: 'commerce', mall: 'commerce', shop: 'commerce', market: 'commerce', school: 'school',
    campus: 'school', education: 'school', hospital: 'hospital', office: 'office', government: 'office',
    industry: 'industry', industrial: 'industry', factory: 'industry', warehouse: 'industry',
    site: 'site', construction: 'site', farm: 'farm', farmland: 'farm', field: 'farm', orchard: 'farm',
    hill: 'farm', airport: 'airport', airfield: 'airport', station: 'airport', park: 'park', wood: 'park',
    forest: 'park', green: 'park', square: 'office',
  };
  const DETAILS = {
    track: 'map-track', pitch: 'map-pitch', garden: 'map-park', lawn: 'map-lawn', runway: 'map-runway',
    taxiway: 'map-taxiway', apron: 'map-apron', terminal: 'map-terminal', pond: 'map-water',
    platform: 'map-apron', parking: 'map-taxiway', yard: 'map-taxiway', court: 'map-pitch',
  };
  const HEAT_GREEN = 0.3; // woods must not outweigh what is warm
  const PONDS_FROM = 12.8;
  const LINES_FROM = 15;
  const POINTS_FROM = 15.8;
  // token and metres on the ground (at least one pixel)
  const LINES = {
    lane: ['map-road-lane', 3.5], path: ['map-path', 1.2], wall: ['map-wall', 0.4],
    fence: ['map-wall', 0.3], hedge: ['map-tree', 1.5],
  };
  const POINTS = { tree: ['map-tree', 6], trees: ['map-tree', 6], gate: ['map-terminal', 3] };

  /** Fill the classes of one MVT layer with the colour that `token` answers for a class. */
  function fill(context, frame, scene, name, token) {
    for (const part of scene.stage.parts('base', name)) {
      frame.within(context, part, (_, layer) => {
        for (const [kind, path] of layer.kinds()) {
          const colour = token(kind);
          if (!colour) continue;
          context.fillStyle = scene.colours.get(colour);
          context.fill(path);
        }
      });
    }
  }

  /** Stroke one MVT layer, or one class of it. */
  function stroke(context, frame, scene, name, pen) {
    context.strokeStyle = scene.colours.get(pen.token);
    context.lineCap = pen.points ? 'round' : 'butt';
    context.lineJoin = 'round';
    for (const part of scene.stage.parts('base', name)) {
      frame.within(context, part, (px, layer) => {
        context.lineWidth = pen.width * px;
        context.setLineDash((pen.dash || []).map((length) => length * px));
        for (const [kind, path] of pen.points ? layer.kinds() : layer.edges()) {
          if (!pen.shown || pen.shown(kind)) context.stroke(path);
        }
      });
    }
  }

  /** Water with its shore line; islands lie in it as green. */
  function water(context, frame, scene) {
    const shore = Math.min(1.4, 0.7 * Math.pow(1.25, Math.max(0, frame.zoom - 12))) * scene.scale;
    const shown = (kind) => kind !== 'pond' || frame.zoom >= PONDS_FROM;
    stroke(context, frame, scene, 'water', { token: 'map-shore', width: shore * 2, shown });
    fill(context, frame, scene, 'water', (kind) => (shown(kind) ? 'map-water' : null));
    fill(context, frame, scene, 'green', (kind) => (kind === 'island' ? 'map-park' : null));
  }

  /** Tracks, runways, ponds and the like, and lines and trees where there is room. */
  function details(context, frame, scene) {
    if (frame.zoom < 12.5) {
      fill(context, frame, scene, 'details', (kind) => (kind === 'runway' ? 'map-runway' : null));
      return;
    }
    fill(context, frame, scene, 'details', (kind) => DETAILS[kind] || null);
    if (frame.zoom >= LINES_FROM) strokes(context, frame, scene, LINES, 1);
    if (frame.zoom >= POINTS_FROM) strokes(context, frame, scene, POINTS, 1.5);
  }

  /** Stroke the details of a table by class. */
  function strokes(context, frame, scene, table, least) {
    for (const kind of Object.keys(table)) {
      const [token, metres] = table[kind];
      const width = Math.max(least, metres * frame.metre);
      const shown = (other) => other === kind;
      stroke(context, frame, scene, 'details', { shown, token, width, points: table === POINTS });
    }
  }

  /** Everything that lies flat, from the ground up to the water. */
  function areas(context, frame, scene) {
    frame.leave(context);
    context.fillStyle = scene.colours.get('map-ground');
    context.fillRect(0, 0, frame.width, frame.height);
    fill(context, frame, scene, 'blocks', (kind) => 'map-block-' + (BLOCKS[kind] || 'other'));
    if (frame.zoom >= 13.5) {
      stroke(context, frame, scene, 'blocks', { token: 'map-block-edge', width: 0.5 });
    }
    context.globalAlpha = scene.state.heat ? HEAT_GREEN : 1;
    fill(context, frame, scene, 'green', (kind) =>
      (kind === 'island' ? null : kind === 'wood' ? 'map-wood' : 'map-park'));
    context.globalAlpha = 1;
    water(context, frame, scene);
    details(context, frame, scene);
  }

  /** The whole base map without buildings. */
  function paint(context, frame, scene) {
    areas(context, frame, scene);
    map.paintRoads(context, frame, scene);
  }

  /** Runways over the choropleth. */
  function runways(context, frame, scene) {
    fill(context, frame, scene, 'details', (kind) => (kind === 'runway' ? 'map-thin-major' : null));
  }

  /** What stands on cells from close by: their colours show in between as the legend has them. */
  function standing(context, frame, scene) {
    water(context, frame, scene);
    map.paintRoads(context, frame, scene);
    if (scene.housed()) map.paintShapes(context, frame, scene);
  }

  map.paintBase = paint;
  map.paintStanding = standing;
  map.paintWater = water;
  map.paintRunways = runways;
})();
