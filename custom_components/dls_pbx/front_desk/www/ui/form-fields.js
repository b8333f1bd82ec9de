/** Fields of Home Assistant's own forms, and the PBXs and queues to choose from in them. */

/** @import { Layout } from "../data/layout-types.js" */

/** @typedef {{value: string, label: string}} Option */

/** @type {(name: string, selector: object) => {name: string, selector: object}} */
export const field = (name, selector) => ({ name, selector });

/** @type {(options: Option[], more?: object) => object} */
export const select = (options, more) => ({ select: { mode: "dropdown", options, ...more } });

/** @type {(layouts: readonly Layout[]) => object[]} none where there is nothing to choose from */
export function pbxField(layouts) {
  const pbxs = layouts.map(({ config_entry_id: value, name: label }) => ({ value, label }));
  return pbxs.length > 1 ? [field("config_entry_id", select(pbxs))] : [];
}

/** @type {(layouts: readonly Layout[]) => object} */
export function queuesField(layouts) {
  const options = layouts.flatMap(({ name, queues }) =>
    queues.map((queue) => ({ value: queue.id, label: layouts.length > 1 ? `${queue.name} (${name})` : queue.name })),
  );
  return field("queues", select(options, { multiple: true }));
}
