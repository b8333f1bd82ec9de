/** Configuration of the strategy: which PBX, which queues, which views. What is not there, or no longer, is ignored. */

/** @import { Layout } from "../data/layout-types.js" */

/**
 * @typedef {object} StrategyConfig as somebody may have written it by hand
 * @property {unknown} [config_entry_id] which PBX
 * @property {unknown} [queues] their ids at the PBX
 * @property {unknown} [views]
 */

/**
 * What was chosen of what there is, in the order of what there is; everything where nothing of it was chosen.
 * @type {(known: readonly string[], wanted: unknown) => readonly string[]}
 */
export function chosen(known, wanted) {
  const found = Array.isArray(wanted) ? known.filter((one) => wanted.includes(one)) : [];
  return found.length ? found : known;
}

/** @type {(layouts: readonly Layout[], config: StrategyConfig) => readonly Layout[]} */
export function chosenLayouts(layouts, { config_entry_id }) {
  const found = layouts.filter((layout) => layout.config_entry_id === config_entry_id);
  return found.length ? found : layouts;
}

/** @type {(layout: Layout, config: StrategyConfig) => Layout} with the chosen ones of its queues only */
export function withChosenQueues(layout, config) {
  const ids = chosen(
    layout.queues.map(({ id }) => id),
    config.queues,
  );
  const queues = layout.queues.filter(({ id }) => ids.includes(id));
  const statistics = layout.statistics.filter(({ queue }) => queue === null || ids.includes(queue));
  return queues.length === layout.queues.length ? layout : { ...layout, queues, statistics };
}
