// The way in: `apply(state)` compares a map state with the last one and changes only what differs.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});

  /** A text that changes whenever one of the named parts of the state does. */
  function print(state, names) {
    return JSON.stringify(names.map((name) => (state && state[name] !== undefined ? state[name] : null)));
  }

  /** Whether any of the parts differ. */
  function differs(before, state, names) {
    return !before || print(before, names) !== print(state, names);
  }

  const GEOMETRY = ['snapshot', 'level', 'next', 'at', 'outlines', 'show', 'units'];
  const BASE = ['theme', 'colours'];

  /** Fade the new cells in where motion is welcome. */
  function fade(canvas, motion) {
    canvas.classList.remove('map-fade');
    if (!motion) return;
    void canvas.offsetWidth; // restarts the animation
    canvas.classList.add('map-fade');
  }

  /** Take over a state: `before` is the last one or undefined. */
  function apply(state) {
    const before = this.state;
    const recoloured = differs(before, state, ['cells', 'palette', 'hatch']);
    this.state = state;
    this.colours.given = state.colours || {};
    this.colours.refresh();
    this.focus.pending = null;
    if (recoloured) this.cells.set(state.cells || {});
    this.gestures.apply(before, state); // asks for names, which are small, before the tiles
    const moved = this.view.apply(before, state);
    const base = differs(before, state, BASE) || (before && !before.heat !== !state.heat);
    if (!before || differs(before, state, GEOMETRY)) {
      this.fresh = Boolean(before);
      this.stage.settle();
    } else if (base) {
      this.repaint();
    } else {
      if (recoloured) this.stage.repaint('cells');
      if (differs(before, state, ['sel'])) this.stage.repaint('over');
      this.stage.repaint('outline');
    }
    this.heat.apply(before, state);
    this.keyboard.apply(before, state);
    if (moved || differs(before, state, ['labels', 'strong', 'rim', 'marks', 'discs', 'waiting', 'hot', 'heat', 'lang', 'theme'])) this.signs.draw();
  }

  map.fade = fade;
  map.applyTo = apply;
  map.differs = differs;

  /** Remember the state for maps that come later, and apply it to those that are here. */
  function applyAll(state) {
    if (state && state.snapshot) {
      map.latest = state;
      for (const scene of map.scenes || []) scene.apply(state);
      if (map.player) map.player.apply(state);
    }
  }

  (window.yiping.takers = window.yiping.takers || []).push(applyAll);
  map.apply = applyAll;
})();
