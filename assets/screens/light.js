// Plain elements from data: no wrapper of Dash round each, so that an answer is on the page sooner.
(function () {
  "use strict";
  const SLOT = "slot";
  const NAMES = /^[a-z][a-z0-9]*$/;
  const NEVER = new Set(["script", "style", "iframe", "object", "embed", "link", "meta", "base", "svg"]);
  const HERE = /^(?:[?#/]|https?:)/; // an address of ours or of the web, never a script

  /** Attributes as they are given, but for what could run or leave the page. */
  function checked(attributes) {
    const safe = {};
    for (const [name, value] of Object.entries(attributes)) {
      if (/^on/i.test(name) || name === "dangerouslySetInnerHTML") continue;
      if (/^(?:href|src|action|formAction)$/i.test(name) && !HERE.test(value)) continue;
      safe[name] = value;
    }
    return safe;
  }

  /** One node of the tree as React takes it. */
  function build(node, slots) {
    if (!Array.isArray(node)) return typeof node === "boolean" ? null : node;
    const [name, attributes, ...content] = node;
    if (name === SLOT) return slots[attributes];
    if (name !== "" && (!NAMES.test(name) || NEVER.has(name))) return null;
    const children = content.map((each) => build(each, slots));
    return React.createElement(name || React.Fragment, name ? checked(attributes) : null, ...children);
  }

  /** The component: its tree, with Dash's own children in the slots. */
  function Light({ tree, children }) {
    const slots = React.Children.toArray(children);
    return React.createElement(React.Fragment, null, ...(tree || []).map((node) => build(node, slots)));
  }

  (window.yiping = window.yiping || {}).Light = Light;
})();
