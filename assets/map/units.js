// Names, codes and label points of units, fetched once per snapshot and level.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const RETRY_MS = 30000;
  const lists = new Map();

  /** Index a list of units by id; `building` lists carry their ids under that name. */
  function indexed(list) {
    list.id = list.unit || list.building || [];
    if (list.building && list.building.length) list.id = list.building;
    list.at = new Map(list.id.map((id, i) => [id, i]));
    return list;
  }

  /** Fetch one list once; answers it when known, else null and calls `done` later. */
  function get(path, done) {
    const known = lists.get(path);
    if (known && known.at) return known;
    if (!known) {
      lists.set(path, {});
      fetch(path)
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
        .then((list) => {
          lists.set(path, indexed(list));
          if (done) done();
        })
        .catch(() => setTimeout(() => lists.delete(path), RETRY_MS));
    }
    return null;
  }

  /** Where the list of a target's layer is kept. */
  function pathOf(state, layer) {
    const root = `/units/${state.snapshot}/`;
    return layer === 'buildings' ? `${root}building.json?unit=${state.at.unit}` : `${root}${layer}.json`;
  }

  /** The facts of a target: code, name, place; null while unknown. */
  function find(state, target, done) {
    const list = get(pathOf(state, target.layer), done);
    const i = list ? list.at.get(target.id) : undefined;
    if (i === undefined) return null;
    const name = (state.lang === 'en' && list.en && list.en[i]) || (list.zh && list.zh[i]) || '';
    const lat = list.lat ? list.lat[i] : null;
    const box = list.box ? list.box[i] : null;
    return { id: target.id, code: list.code[i], name, lat, lon: lat === null ? null : list.lon[i], box };
  }

  map.units = { get, find, pathOf };
})();
