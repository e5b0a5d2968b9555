// Painting a tree of data in place: the same name and key is the same element, only what differs is written.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const SVG = "http://www.w3.org/2000/svg";
  const DRAWN = new Set(["svg", "g", "path", "line", "polyline", "polygon", "circle", "rect", "text", "tspan", "title"]);
  const PLAIN = new Set([
    "div", "span", "p", "b", "i", "em", "strong", "h1", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "time",
    "header", "footer", "section", "table", "tbody", "thead", "tr", "th", "td",
  ]);
  // What is not named is not written: nothing that runs, leads elsewhere or loads.
  const ATTRIBUTES = new RegExp(
    "^(?:class|role|title|lang|datetime|aria-[a-z]+|data-[a-z-]+|viewBox|preserveAspectRatio|d|points|transform|" +
    "x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|dx|dy|text-anchor|vector-effect)$");
  const NAMED = { class: "className" };
  const CUSTOM = /^--[a-z-]+$/;
  const SHARE = /^-?[\d.]+%?$/;
  const TOKEN = /^[a-z0-9-]+$/;
  const given = new WeakMap(); // attributes and key of each element of ours

  /** Whether a node of the tree may stand on the page. */
  function known(node) {
    return !Array.isArray(node) || DRAWN.has(node[0]) || PLAIN.has(node[0]);
  }

  function attributesOf(node) {
    return (node[1] && typeof node[1] === "object" && !Array.isArray(node[1]) && node[1]) || {};
  }

  function make(node) {
    if (!Array.isArray(node)) return document.createTextNode("");
    const element = DRAWN.has(node[0]) ? document.createElementNS(SVG, node[0]) : document.createElement(node[0]);
    given.set(element, { key: attributesOf(node).key, set: {} });
    return element;
  }

  /** Whether an element can become what a node says. */
  function fits(element, node) {
    if (!Array.isArray(node)) return element.nodeType === Node.TEXT_NODE;
    const own = given.get(element);
    return Boolean(own) && element.localName === node[0] && own.key === attributesOf(node).key;
  }

  /** Sizes from the data as custom properties: numbers and per cent only, no text reaches a style. */
  function size(element, sizes, set) {
    for (const [name, value] of Object.entries(sizes)) {
      if (!CUSTOM.test(name) || !SHARE.test(String(value)) || set[name] === value) continue;
      set[name] = value;
      element.style.setProperty(name, value);
    }
  }

  function put(element, name, value) {
    if (name === "data-token") element.style.background = TOKEN.test(value) ? `var(--${value})` : "";
    element.setAttribute(name, value);
  }

  function writeAttributes(element, attributes) {
    const { set } = given.get(element);
    for (const name of Object.keys(set)) {
      const own = NAMED[name] || name;
      if (own in attributes || (attributes.style && name in attributes.style)) continue;
      if (CUSTOM.test(name)) element.style.removeProperty(name);
      else element.removeAttribute(name);
      delete set[name];
    }
    size(element, attributes.style || {}, set);
    for (const [told, raw] of Object.entries(attributes)) {
      const name = told === "className" ? "class" : told;
      if (!ATTRIBUTES.test(name) || raw === null || raw === undefined || raw === false) continue;
      const value = String(raw);
      if (set[name] === value) continue;
      set[name] = value;
      put(element, name, value);
    }
  }

  function write(child, node, changed) {
    if (!Array.isArray(node)) {
      const text = String(node);
      if (child.data === text) return;
      if (child.data && changed) changed(child.parentNode);
      child.data = text;
      return;
    }
    const attributes = attributesOf(node);
    writeAttributes(child, attributes);
    if (!wall.written || !wall.written.has(attributes["data-wall"])) patch(child, node.slice(2), changed);
  }

  /** The child that a node continues: at its place, or with its key elsewhere. */
  function find(host, at, node) {
    const here = host.childNodes[at];
    if (here && fits(here, node)) return here;
    if (!Array.isArray(node) || attributesOf(node).key === undefined) return null;
    for (let i = at + 1; i < host.childNodes.length; i += 1) {
      if (fits(host.childNodes[i], node)) return host.childNodes[i];
    }
    return null;
  }

  /** Let the children of an element be what the nodes say; `changed` is told of elements with a new text. */
  function patch(host, nodes, changed) {
    const wanted = (nodes || []).filter((node) => node !== null && node !== undefined && typeof node !== "boolean" && known(node));
    wanted.forEach((node, at) => {
      const child = find(host, at, node) || make(node);
      if (host.childNodes[at] !== child) host.insertBefore(child, host.childNodes[at] || null);
      write(child, node, changed);
    });
    while (host.childNodes.length > wanted.length) host.lastChild.remove();
  }

  wall.patch = patch;
})();
