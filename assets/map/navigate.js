// Going somewhere: a link becomes one history entry and one change of the page's `url` component.
(function () {
  'use strict';
  const root = (window.yiping = window.yiping || {});
  const map = (root.map = root.map || {});
  const LOCATION = 'url';

  /** The query of a link, with its question mark, or empty. */
  function queryOf(href) {
    return new URL(href, window.location.href).search;
  }

  /** Go to a link of this page: Back undoes it, unless it replaces the present entry. */
  function go(href, options) {
    const search = queryOf(href);
    if (search === window.location.search) return;
    const path = window.location.pathname + search;
    if (options && options.replace) window.history.replaceState({}, '', path);
    else window.history.pushState({}, '', path);
    window.dispatchEvent(new CustomEvent('yiping:go', { detail: { search } }));
    tell();
  }

  /** Tell the page where it is; `href` too, or dcc.Location would push the old address again. */
  function tell() {
    const { href, search } = window.location;
    window.dash_clientside.set_props(LOCATION, { href, search });
  }

  /** The link of a unit from the state's pattern. */
  function cellHref(state, code) {
    const pattern = (state.href && state.href.cell) || '?at={code}';
    return pattern.replace(/\{code\}|%7Bcode%7D/i, encodeURIComponent(code));
  }

  /** The present query with a code put into or taken out of `sel`. */
  function toggled(code) {
    const query = new URLSearchParams(window.location.search);
    const before = (query.get('sel') || '').split(',').filter(Boolean);
    const after = before.includes(code) ? before.filter((other) => other !== code) : [...before, code];
    if (after.length) query.set('sel', after.join(','));
    else query.delete('sel');
    return '?' + query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':');
  }

  root.go = go;
  map.tell = tell;
  map.cellHref = cellHref;
  map.toggled = toggled;
})();
