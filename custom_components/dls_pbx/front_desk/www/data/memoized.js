/** Memoized selectors: what is made of a store's tables is made again only when one of them has changed. */

/** @import { Settings, Table } from "./model-types.js" */
/** @import { Store } from "./store.js" */

/**
 * A selector that looks again only when one of its tables has changed; `select` gets what it answered last time, and a
 * list of the same things stays the same array.
 * @template Answer, [Extra=void]
 * @param {readonly Table[]} tables what it reads
 * @param {(store: Store, settings: Settings, before: readonly Answer[], extra: Extra) => readonly Answer[]} select
 * @returns {(store: Store, settings: Settings, extra: Extra) => readonly Answer[]}
 */
export function memoized(tables, select) {
  /** @type {WeakMap<Store, {version: number, settings: Settings, extra: Extra, answer: readonly Answer[]}>} */
  const cache = new WeakMap();
  return (store, settings, extra) => {
    const last = cache.get(store);
    // Versions only grow: their sum stays where all of them do.
    const version = tables.reduce((sum, table) => sum + store.versions[table], 0);
    if (last?.version === version && last.settings === settings && last.extra === extra) return last.answer;
    const before = last?.answer ?? [];
    const now = select(store, settings, before, extra);
    const answer = before.length === now.length && before.every((item, index) => item === now[index]) ? before : now;
    cache.set(store, { version, settings, extra, answer });
    return answer;
  };
}
