// The tooltip of the map: lines of plain text beside the pointer.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const GAP = 14;
  let box = null;

  /** The element, made on first use inside the map's container. */
  function element(scene) {
    if (!box) {
      box = document.createElement('div');
      box.className = 'map-tooltip';
      box.setAttribute('role', 'tooltip');
    }
    if (box.parentNode !== scene.container) scene.container.appendChild(box);
    return box;
  }

  /** Show lines at a pointer event; the first is the name, the second the value. */
  function show(scene, event, lines) {
    const tip = element(scene);
    while (tip.firstChild) tip.firstChild.remove();
    lines.filter(Boolean).forEach((text, i) => {
      const row = document.createElement('div');
      row.className = 'map-tooltip-' + (['name', 'value'][i] || 'note');
      row.textContent = text;
      tip.appendChild(row);
    });
    tip.hidden = false;
    move(scene, event);
  }

  /** Keep the tooltip beside the pointer and inside the map. */
  function move(scene, event) {
    if (!box || box.hidden) return;
    const point = scene.leaflet.mouseEventToContainerPoint(event);
    const size = scene.leaflet.getSize();
    const left = point.x + GAP + box.offsetWidth > size.x ? point.x - GAP - box.offsetWidth : point.x + GAP;
    const top = point.y + GAP + box.offsetHeight > size.y ? point.y - GAP - box.offsetHeight : point.y + GAP;
    box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  function hide() {
    if (box) box.hidden = true;
  }

  map.tooltip = { show, move, hide };
})();
