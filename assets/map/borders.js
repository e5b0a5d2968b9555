// Border lines by level, thin within a level and cased above it, and the veil over what is outside the place.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const GAP_PX = 0.7;
  const UPPER_PX = 1.1;
  const WHOLE_PX = 1.5;
  const PART_PX = 1.6; // where the cells are the parts of the place
  const CLEAR_PX = 1.3;
  const CLEAR_CASING_PX = 3.6;
  const FAR_ZOOM = 12.8; // from further away a net of fine lines would hide what lies under it
  const FAR_SHARE = 0.3;
  const HEAT_SHARE = 0.45; // the heat is what is looked at

  /** Stroke the borders of one level. */
  function stroke(context, frame, scene, level, pen) {
    context.strokeStyle = pen.colour;
    context.lineJoin = 'round';
    context.lineCap = pen.dash ? 'butt' : 'round';
    for (const part of scene.stage.parts(level, 'borders')) {
      frame.within(context, part, (px, layer) => {
        context.lineWidth = pen.width * scene.scale * px;
        context.setLineDash((pen.dash || []).map((length) => length * scene.scale * px));
        context.stroke(layer.borders());
      });
    }
  }

  /** A light line over a dark casing, the casing first everywhere so that crossings stay open. */
  function cased(context, frame, scene, level, casing, pen) {
    stroke(context, frame, scene, level, casing);
    stroke(context, frame, scene, level, pen);
  }

  /** Solid lines between cells from close by: they must be told from the gaps that streets make. */
  function clear(context, frame, scene, level) {
    cased(context, frame, scene, level, { colour: scene.colours.get('map-halo'), width: CLEAR_CASING_PX },
      { colour: scene.colours.get('t1'), width: CLEAR_PX });
  }

  /** Fine coloured lines where the base map shows. */
  function fine(context, frame, scene, level) {
    const near = frame.zoom >= 15;
    context.globalAlpha = frame.zoom < FAR_ZOOM ? FAR_SHARE : scene.state.heat ? HEAT_SHARE : 1;
    const casing = { colour: map.faded(scene.colours.get('map-halo'), 0.8), width: near ? 2.6 : 3 };
    const pen = { colour: scene.colours.get('map-edge'), width: near ? 1.4 : 1, dash: near ? [7, 3] : null };
    cased(context, frame, scene, level, casing, pen);
    context.globalAlpha = 1;
  }

  /** Gaps between cells under opaque fills, fine lines otherwise; among buildings, of their units. */
  function own(context, frame, scene) {
    const state = scene.state;
    if (state.level === 'building') {
      for (const item of state.outlines || []) fine(context, frame, scene, item.level);
    } else if (scene.filled()) {
      // Asked for as outlines, the cells have no colours that would tell them apart.
      const bare = (state.outlines || []).some((item) => item.level === state.level);
      const width = scene.whole() || state.level !== state.next ? GAP_PX : PART_PX;
      const pen = { colour: scene.colours.get(bare ? 'map-edge' : 'map-gap'), width };
      stroke(context, frame, scene, state.level, pen);
    } else if (scene.tinted()) {
      clear(context, frame, scene, state.level);
    } else {
      fine(context, frame, scene, state.level);
    }
  }

  /** Borders of the place's neighbours: under the veil, so that they stay behind the place. */
  function beside(context, frame, scene) {
    if (scene.whole() || scene.single()) return;
    const casing = { colour: scene.colours.get('map-halo'), width: 3 };
    cased(context, frame, scene, scene.state.at.level, casing,
      { colour: scene.colours.get('t1'), width: UPPER_PX });
  }

  /** Borders of the levels above the cells, the widest last; among buildings only of the city. */
  function upper(context, frame, scene) {
    const state = scene.state;
    const among = state.level === 'building';
    const list = among ? [] : (state.outlines || []).filter((item) => item.level !== state.level);
    if (scene.whole() && !list.some((item) => item.level === state.at.level)) {
      list.push({ level: state.at.level, width: WHOLE_PX });
    }
    list.sort((a, b) => a.width - b.width);
    for (const item of list) {
      const top = item.level === state.at.level && scene.whole();
      const base = scene.filled() ? 1 : 1.3;
      const casing = { colour: scene.colours.get('map-halo'), width: (item.width + 2.1) * base };
      const plain = state.page && state.page.cases === false; // borders are all there is
      const colour = scene.colours.get(top || plain || !scene.filled() ? 't1' : 'map-border');
      cased(context, frame, scene, item.level, casing, { colour, width: item.width * base });
    }
  }

  /** Beside one building the border of its unit is a hint, not a frame. */
  function hint(context, frame, scene) {
    const pen = { colour: scene.colours.get('map-edge'), width: 1.6, dash: [9, 3] };
    cased(context, frame, scene, scene.state.at.level,
      { colour: scene.colours.get('map-halo'), width: 2.6 }, pen);
  }

  /** Cover everything outside some units with the ground colour. */
  function veil(context, frame, scene, level, units, opacity) {
    const parts = scene.stage.parts(level, 'cells');
    if (!parts.length) return;
    const width = Math.round(frame.width * frame.ratio);
    const height = Math.round(frame.height * frame.ratio);
    const spare = map.scratch(width, height);
    spare.globalCompositeOperation = 'source-over';
    spare.fillStyle = scene.colours.get('map-ground');
    spare.fillRect(0, 0, width, height);
    spare.globalCompositeOperation = 'destination-out';
    for (const part of parts) {
      frame.enter(spare, part.tile, part.layer.extent);
      for (const unit of units) {
        const shape = part.layer.shape(unit);
        if (shape) spare.fill(shape);
      }
    }
    spare.globalCompositeOperation = 'source-over';
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = opacity;
    context.drawImage(spare.canvas, 0, 0, width, height, 0, 0, width, height);
    context.globalAlpha = 1;
  }

  map.paintInnerBorders = (context, frame, scene) => {
    own(context, frame, scene);
    beside(context, frame, scene);
  };
  map.paintOuterBorders = upper;
  map.paintHint = hint;
  map.paintVeil = veil;
})();
