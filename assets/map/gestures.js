// Pointer gestures: hover tells, press tints, click goes one level down, Ctrl-click chooses.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const LOST = ['amber', 'red']; // without the server, as `assets/live` has it

  class Gestures {
    constructor(scene) {
      this.scene = scene;
      const leaflet = scene.leaflet;
      leaflet.on('mousemove', this.hover, this);
      leaflet.on('mouseout movestart zoomstart', this.leave, this);
      leaflet.on('mousedown', this.press, this);
      leaflet.on('mouseup dragstart', this.release, this);
      leaflet.on('click', this.click, this);
    }

    close() {
      map.tooltip.hide();
    }

    /** The names of the cells will be needed at the first hover. */
    apply(before, state) {
      if (!before || map.differs(before, state, ['snapshot', 'level', 'at'])) {
        this.leave();
        if (state.level !== 'building') map.units.get(map.units.pathOf(state, state.level));
        map.units.get(map.units.pathOf(state, state.at.level));
        if (state.next && state.next !== 'building') map.units.get(map.units.pathOf(state, state.next));
        if (state.level === 'building' || this.scene.housed()) map.units.get(map.units.pathOf(state, 'buildings'));
      }
    }

    /** What lies under a place: a building, a cell of this place, or a neighbour of the place. */
    pick(latlng) {
      const scene = this.scene;
      const state = scene.state;
      if (!state) return null;
      const stage = scene.stage;
      if (scene.housed() && (state.level === 'building' || scene.near())) {
        const id = stage.pick('buildings', 'buildings', latlng);
        if (id !== null) return { layer: 'buildings', id };
      }
      if (state.level !== 'building') {
        const id = stage.pick(state.level, 'cells', latlng);
        if (id !== null && scene.cells.index.has(id)) return { layer: state.level, id };
      }
      const id = stage.pick(state.at.level, 'cells', latlng);
      return id === null || id === state.at.unit ? null : { layer: state.at.level, id };
    }

    hover(event) {
      if (event.originalEvent.buttons) return;
      if (this.scene.signs.linked(event.originalEvent)) { // which tells itself
        map.tooltip.move(this.scene, event.originalEvent);
        return;
      }
      const target = this.pick(event.latlng);
      this.scene.container.classList.toggle('map-over', Boolean(target));
      if (this.scene.point('hover', target)) this.tell(target, event.originalEvent);
      else map.tooltip.move(this.scene, event.originalEvent);
    }

    /** Show what is known of a target. */
    tell(target, event) {
      if (!target) {
        map.tooltip.hide();
        return;
      }
      const again = () => this.scene.focus.hover === target && this.tell(target, event);
      const fact = map.units.find(this.scene.state, target, again);
      const lines = this.lines(target, fact);
      if (lines.length) map.tooltip.show(this.scene, event, lines);
      else map.tooltip.hide();
      this.light(target, fact && fact.code);
    }

    /** Outline a target and let the panels light its rows. */
    light(target, code) {
      this.scene.point('hover', target);
      const detail = { layer: target.layer, id: target.id, code };
      this.scene.container.dispatchEvent(new CustomEvent('yiping:hover', { bubbles: true, detail }));
    }

    /** Name, value and note of a target as plain text. */
    lines(target, fact) {
      const cells = this.scene.cells;
      const i = target.layer === this.scene.state.level ? cells.index.get(target.id) : undefined;
      const value = i === undefined ? '' : cells.text[i];
      const note = i === undefined ? '' : cells.note[i];
      return [fact ? fact.name : '', value, note].filter((line) => line !== undefined && line !== '');
    }

    leave() {
      map.tooltip.hide();
      this.scene.point('hover', null);
    }

    press(event) {
      if (event.originalEvent.button) return;
      this.scene.point('pressed', this.pick(event.latlng));
    }

    release() {
      this.scene.point('pressed', null);
    }

    click(event) {
      const choose = event.originalEvent.ctrlKey || event.originalEvent.metaKey;
      const target = this.pick(event.latlng);
      if (target) this.open(choose ? target : this.step(target, event.latlng), choose);
    }

    /** One level down at a time: of finer cells, the unit of the next level that holds the place. */
    step(target, latlng) {
      const { state, stage } = this.scene;
      if (target.layer !== state.level || !state.next || state.next === state.level) return target;
      const id = stage.pick(state.next, 'cells', latlng);
      return id === null ? target : { layer: state.next, id };
    }

    /** Go to a target, or choose it; its outline comes before the answer of the server. */
    open(target, choose) {
      const scene = this.scene;
      if (LOST.includes(document.documentElement.dataset.liveState)) return; // nobody would answer
      const fact = map.units.find(scene.state, target, () => this.open(target, choose));
      if (!fact) return;
      map.tooltip.hide();
      scene.focus.hover = null;
      if (choose) {
        window.yiping.go(map.toggled(fact.code));
        return;
      }
      scene.point('pending', target);
      window.yiping.go(map.cellHref(scene.state, fact.code));
      if (scene.state) scene.view.depart(fact.box);
    }
  }

  map.Gestures = Gestures;
})();
