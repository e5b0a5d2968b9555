// Ticks of a wall without waiting: the real client asks, reads, paints; only the answers are made here.
(first) => {
  const { asking } = yiping.wall;
  const own = window.fetch;
  let tick = 0;
  const state = JSON.parse(JSON.stringify(first));

  /** Every number of the figures, in place. */
  function number(node) {
    if (!Array.isArray(node)) return;
    if (node[0] === 'b' && typeof node[2] === 'string' && /\d/.test(node[2])) node[2] = String(1000 + (tick * 37) % 9000);
    else node.slice(2).forEach(number);
  }

  /** Other alerts: some go, some come, their order changes. */
  function alerts() {
    const rows = [];
    for (let i = 0; i < 1 + tick % 6; i += 1) {
      rows.push(['li', { className: 'wall-alert', key: `a${(tick + i) % 23}` },
        ['span', { className: `level level-${1 + i % 4}` }], ['b', {}, `place ${tick + i}`],
        ['time', {}, '14:21'], ['p', {}, `what ${tick}`]]);
    }
    const head = state.panels.alerts.tree[0];
    state.panels.alerts.tree = [head, ['ol', { className: 'wall-rows wall-alerts' }, ...rows]];
  }

  /** The focus moves on; now and then an alert takes it, is flown to and left again. */
  function focus() {
    const flown = tick % 200 === 0;
    Object.assign(state.focus, { key: `t${tick}`, why: flown ? 'alert' : 'tour', n: 1 + tick % 12 });
    state.map.strong = tick % 40 ? first.map.strong : [];
    const mark = { lon: first.focus.box[0], lat: first.focus.box[1], level: 1 + tick % 4, text: 'x' };
    state.map.marks = tick % 80 ? first.map.marks : [mark];
    const [w, s, e, n] = first.map.box;
    state.focus.box = [w + (e - w) / 4, s + (n - s) / 4, e - (e - w) / 4, n - (n - s) / 4];
  }

  function next() {
    tick += 1;
    state.version = `v${tick}`;
    state.now = first.now + tick;
    state.newest = first.newest + tick;
    number(['', {}, ...state.panels.figures.tree]);
    alerts();
    if (tick % 20 === 0) focus();
    if (state.calibration.base) Object.assign(state.look, { dim: tick % 300 > 150 });
  }

  function headers(values) {
    return { get: (name) => values[name] || null };
  }

  window.fetch = (address, options) => {
    if (!String(address).startsWith('/wall/state')) return own(address, options);
    if (tick % 97 === 50) { tick += 1; return Promise.reject(new TypeError('no network')); }
    const known = { ETag: `"${tick}"`, 'X-Yiping-Now': String(first.now + tick) };
    if (tick % 10 === 5) { tick += 1; return Promise.resolve({ ok: false, status: 304, headers: headers(known) }); }
    next();
    const text = JSON.stringify(state);
    return Promise.resolve({ ok: true, status: 200, headers: headers(known), json: () => Promise.resolve(JSON.parse(text)) });
  };
  // Intervals of our own are no part of what is measured: each tick is asked for at once.
  window.ticks = async (count) => {
    const most = tick + count;
    while (tick < most) {
      await asking.ask();
      clearTimeout(asking.timer);
      if (tick % 20 === 0) await new Promise((done) => setTimeout(done, 0));
    }
    return tick;
  };
}
