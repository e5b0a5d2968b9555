// The words of the desk, as the page brought them, and elements made of data: text only, never HTML.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const SVG = "http://www.w3.org/2000/svg";
  const AGAIN_MS = 2000;
  let words = null;

  function read() {
    const host = document.querySelector("[data-texts]");
    words = host ? JSON.parse(host.dataset.texts) : {};
    return words;
  }

  /** A text with its placeholders filled in; "(s)" is an s unless n is one. */
  function get(key, values = {}) {
    const text = (words || read())[key];
    if (text === undefined) throw new Error(`no text: ${key}`);
    return text
      .replace("(s)", String(values.n) === "1" ? "" : "s")
      .replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  function put(element, name, value) {
    if (value === null || value === undefined || value === false) return;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }

  function filled(element, attributes, content) {
    for (const [name, value] of Object.entries(attributes || {})) put(element, name, value);
    element.append(...content.flat(Infinity).filter((each) => each !== null && each !== undefined && each !== false));
    return element;
  }

  /** Ask for what stands on the land of the city: again for as long as that is being prepared and somebody waits. */
  async function patiently(ask, { tell, waits = () => true }) {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!error.answer || error.answer.why !== "making") throw error;
        tell(error.answer.text);
        await new Promise((done) => setTimeout(done, AGAIN_MS));
        if (!waits()) return null;
      }
    }
  }

  planner.patiently = patiently;
  /** An element: attributes by name, listeners by the name of their event, custom properties as --name. */
  planner.make = (name, attributes, ...content) => filled(document.createElement(name), attributes, content);
  /** The same for SVG. */
  planner.drawn = (name, attributes, ...content) => filled(document.createElementNS(SVG, name), attributes, content);
  planner.texts = { get };
})();
