// The menu of a cell: right-click, long press or the menu key; its words come with the overlay.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const LONG_MS = 600;
  const SLIP_PX = 10;
  const EDGE_PX = 8;
  const DONE_MS = 1200;
  let box = null;
  let timer = null;
  let start = null;
  let rested = false; // a finger has opened the menu and still lies on the map

  function sceneOf(element) {
    return Array.from((root.map && root.map.scenes) || [])
      .find((scene) => scene.container.contains(element));
  }

  /** Close the menu; the map has the focus again where the menu had it. */
  function close() {
    if (!box) return;
    const held = box.contains(document.activeElement);
    const host = box.host;
    box.remove();
    box = null;
    root.busy = false;
    if (held) host.focus({ preventScroll: true });
  }

  /** Put text on the clipboard, also where the page came over plain HTTP. */
  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.className = "unseen";
    field.value = text;
    document.body.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function item(word, action) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.tabIndex = -1;
    button.textContent = word;
    button.addEventListener("click", () => action(button));
    return button;
  }

  function leave(href) {
    close();
    root.go(href);
  }

  /** What can be done with a cell, or with a building. */
  function items(scene, target, fact, words) {
    const state = scene.state;
    const href = root.map.cellHref(state, fact.code);
    const house = target.layer === "buildings";
    const list = [item(words.cases, () => leave(house ? href : href + "&table=map"))];
    if (target.layer === state.level) {
      const on = (state.sel || []).includes(target.id);
      list.push(item(on ? words.uncompare : words.compare, () => leave(root.map.toggled(fact.code))));
    }
    list.push(item(words.copy, (button) => {
      copy(new URL(href, window.location.href).href).then(() => {
        button.textContent = words.copied;
        setTimeout(close, DONE_MS);
      }, close);
    }));
    return list;
  }

  /** Open the menu of a target at a point of the window. */
  function open(scene, target, at) {
    const words = document.querySelector(".cell-words");
    const fact = words && root.map.units.find(scene.state, target, () => open(scene, target, at));
    close();
    if (!fact) return;
    box = document.createElement("div");
    box.className = "cell-menu";
    box.host = scene.container;
    box.setAttribute("role", "menu");
    box.setAttribute("aria-label", fact.name);
    items(scene, target, fact, words.dataset).forEach((each) => box.appendChild(each));
    document.body.appendChild(box);
    const left = Math.min(at.x, window.innerWidth - box.offsetWidth - EDGE_PX);
    const top = Math.min(at.y, window.innerHeight - box.offsetHeight - EDGE_PX);
    box.style.left = Math.max(EDGE_PX, left) + "px";
    box.style.top = Math.max(EDGE_PX, top) + "px";
    root.busy = true; // no refresh under an open menu
    root.map.tooltip.hide();
    box.firstChild.focus();
  }

  /** The menu for what lies under a pointer; false where nothing does. */
  function openAt(scene, event) {
    const target = scene.gestures.pick(scene.leaflet.mouseEventToLatLng(event));
    if (target) open(scene, target, { x: event.clientX, y: event.clientY });
    return Boolean(target);
  }

  /** The menu for the cell that the keyboard has reached. */
  function openKey(scene) {
    const target = scene.focus.key;
    const fact = target && root.map.units.find(scene.state, target);
    if (!fact) return;
    const frame = scene.container.getBoundingClientRect();
    const point = scene.leaflet.latLngToContainerPoint([fact.lat, fact.lon]);
    open(scene, target, { x: frame.left + point.x, y: frame.top + point.y });
  }

  document.addEventListener("contextmenu", (event) => {
    const scene = sceneOf(event.target);
    if (!scene || !scene.state) return;
    clearTimeout(timer);
    const keyed = event.button !== 2 && scene.focus.key;
    if (keyed) openKey(scene);
    if (keyed || openAt(scene, event)) event.preventDefault();
  }, true);

  // A finger that rests opens the menu where the browser does not say so itself.
  document.addEventListener("pointerdown", (event) => {
    if (box && !box.contains(event.target)) close();
    clearTimeout(timer);
    rested = false;
    const scene = event.pointerType === "touch" && event.isPrimary && sceneOf(event.target);
    if (!scene || !scene.state) return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => { rested = !box && openAt(scene, event); }, LONG_MS);
  }, true);

  // The finger that opened the menu means nothing else when it is lifted.
  document.addEventListener("click", (event) => {
    if (!rested) return;
    rested = false;
    if (!sceneOf(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLIP_PX) clearTimeout(timer);
  }, true);
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => clearTimeout(timer), true);
  }

  document.addEventListener("keydown", (event) => {
    if (!box || !box.contains(event.target)) return;
    const all = Array.from(box.children);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    else if (event.key === "Home") all[0].focus();
    else if (event.key === "End") all[all.length - 1].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  window.addEventListener("yiping:go", close);
  window.addEventListener("popstate", close);
  window.addEventListener("blur", close);
  root.copy = copy;
})();
