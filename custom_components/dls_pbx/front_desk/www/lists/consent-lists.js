/** The consent lists of both kinds as one kind of row, and what changes each. */

/** @import { Lists } from "../data/records-types.js" */

/** @typedef {{kind: "in"|"out", id: string, name: string, total: number, listed: boolean|null}} List */

/** @type {(answer: Lists) => List[]} */
export const listsOf = ({ opt_in, opt_out }) => [
  ...opt_in.map(({ campaign_id: id, campaign_name: name, total, listed }) => ({
    kind: /** @type {const} */ ("in"),
    id,
    name: name || id,
    total,
    listed,
  })),
  ...opt_out.map(({ tenant_id: id, tenant_name: name, total, listed }) => ({
    kind: /** @type {const} */ ("out"),
    id,
    name: name || id,
    total,
    listed,
  })),
];

/** The action that changes a list, and the field that names it. @type {(list: List, isListed: boolean) => [action: string, field: string]} */
export function changeOf({ kind }, isListed) {
  const verb = isListed ? "remove" : "add";
  return kind === "in" ? [`${verb}_subscriber`, "campaign_id"] : [`${verb}_unsubscriber`, "tenant_id"];
}
