// What is pointed at, focused or chosen: outlines and tints on their own canvas, whole across tiles.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});

  /** MVT layer name of a target's tile layer. */
  function nameOf(layer) {
    return layer === 'buildings' || layer === 'estates' ? layer : 'cells';
  }

  /** Stroke the outline of a target with one pen. */
  function line(context, frame, scene, target, pen) {
    context.strokeStyle = pen.colour;
    context.lineJoin = 'round';
    context.lineCap = pen.dash ? 'butt' : 'round';
    for (const part of scene.stage.parts(target.layer, nameOf(target.layer))) {
      const path = part.layer.outline(target.id);
      if (!path) continue;
      frame.within(context, part, (px) => {
        context.lineWidth = pen.width * scene.scale * px;
        context.setLineDash((pen.dash || []).map((length) => length * scene.scale * px));
        context.stroke(path);
      });
    }
  }

  /** Fill a target with a see-through tint. */
  function tint(context, frame, scene, target, colour) {
    context.fillStyle = colour;
    for (const part of scene.stage.parts(target.layer, nameOf(target.layer))) {
      const path = part.layer.shape(target.id);
      if (path) frame.within(context, part, () => context.fill(path));
    }
  }

  /** The strong outline: casing, then the line in t1. */
  function strong(context, frame, scene, target, casing, width, dash) {
    const colours = scene.colours;
    line(context, frame, scene, target, { colour: colours.get('map-halo'), width: casing });
    line(context, frame, scene, target, { colour: colours.get('t1'), width, dash });
  }

  /** The building or unit that the state has chosen, and its estate. */
  function chosen(context, frame, scene) {
    const selected = scene.state.selected;
    if (!selected) return;
    if (selected.estate !== undefined && selected.estate !== null) {
      const estate = { layer: 'estates', id: selected.estate };
      const accent = scene.colours.get('accent');
      tint(context, frame, scene, estate, map.faded(accent, 0.1));
      line(context, frame, scene, estate, { colour: accent, width: 1.5 });
    }
    const house = selected.layer === 'buildings';
    strong(context, frame, scene, selected, house ? 8 : 6, 2.6);
  }

  /** Paint the outline canvas. */
  function paint(context, frame, scene) {
    const state = scene.state;
    const ink = scene.colours.get('t1');
    const { hover, pressed, pending, key } = scene.focus;
    if (!scene.whole() && !scene.single()) {
      strong(context, frame, scene, { layer: state.at.level, id: state.at.unit }, 5, 2);
    }
    for (const unit of state.strong || []) strong(context, frame, scene, unit, 6, 2.4);
    for (const id of state.sel || []) {
      strong(context, frame, scene, { layer: state.level, id }, 6, 2.6, [7, 4]);
    }
    if (hover) {
      tint(context, frame, scene, hover, map.faded(ink, 0.07));
      line(context, frame, scene, hover, { colour: ink, width: 2 });
    }
    if (pressed) tint(context, frame, scene, pressed, map.faded(ink, 0.22));
    chosen(context, frame, scene);
    if (pending) strong(context, frame, scene, pending, 6, 2.6);
    if (key) {
      strong(context, frame, scene, key, 6, 2);
      line(context, frame, scene, key, { colour: scene.colours.get('focus'), width: 2 });
    }
  }

  map.paintOutline = paint;
})();
