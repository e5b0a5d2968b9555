// Paper: the map in light colours at the size that its box has on a printed page, and back again.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const LEAST_RATIO = 2; // canvas pixels per pixel of the page: a printer sees more than a screen

  /** Let Leaflet know the size of its box at once; nothing may be put off while a page is printed. */
  function measure(scene) {
    const box = scene.container;
    scene.view.size = box.clientWidth + 'x' + box.clientHeight;
    scene.view.exactly(() => scene.leaflet.invalidateSize({ animate: false, pan: false }));
  }

  /** Look somewhere and paint it now with the tiles at hand. */
  function look(scene, centre, zoom) {
    const { leaflet, stage, view } = scene;
    leaflet._enforcingBounds = true; // else it would begin to slide back into the city's bounds
    view.exactly(() => leaflet.setView(centre, zoom, { animate: false }));
    leaflet._enforcingBounds = false;
    stage.ahead = null;
    stage.settle();
    clearTimeout(stage.timer);
    stage.paint();
    scene.signs.draw();
  }

  /** The zoom at which a box of another size shows what was seen before. */
  function likewise(before, size, zoom) {
    return zoom + Math.log2(Math.min(size.x / before.x, size.y / before.y));
  }

  /** Put a scene on paper; answers how it was. */
  function put(scene) {
    const { leaflet, stage, state, view } = scene;
    if (!state || !stage.frame) return null;
    const was = { state, fitted: view.fitted, home: view.home, centre: leaflet.getCenter(), zoom: leaflet.getZoom() };
    const size = leaflet.getSize();
    view.exactly(() => leaflet.stop());
    scene.colours.forget();
    scene.state = map.dimmed(Object.assign({}, state, { palette: state.paper || state.palette }), scene);
    stage.paper = { ratio: Math.max(LEAST_RATIO, window.devicePixelRatio || 1), tiles: stage.frame.depths() };
    measure(scene);
    const goal = was.fitted && state.box ? view.aim(state.box) : null;
    if (goal) look(scene, goal.center, goal.zoom);
    else look(scene, was.centre, likewise(size, leaflet.getSize(), was.zoom));
    view.fitted = was.fitted;
    return was;
  }

  /** Take a scene back to the screen as it was. */
  function takeBack(scene, was) {
    if (!was) return;
    scene.stage.paper = null;
    scene.state = was.state;
    scene.colours.forget();
    measure(scene);
    look(scene, was.centre, was.zoom);
    [scene.view.fitted, scene.view.home] = [was.fitted, was.home];
    scene.stage.settle();
  }

  map.paper = { put, takeBack };
})();
