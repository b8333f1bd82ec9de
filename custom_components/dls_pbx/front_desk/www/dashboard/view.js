/** View of the dashboard: what each is made from, its path, and its frame. */

/** @import { Layout, QueuePart } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Card } from "./cards.js" */

import { COLUMNS } from "./cards.js";

/**
 * @typedef {object} ViewContext what all views of one PBX are made from
 * @property {Layout} layout
 * @property {Translate} t
 * @property {string} base the dashboard's own path
 * @property {string} prefix of the views' paths, where there are several PBXs
 * @property {string} title of the first view
 * @property {boolean} areQueuesSubviews whether they are not among the tabs: the first view leads to them
 */

/** @type {(context: ViewContext, title: string, path: string, sections: Card[], more?: Card) => Card[]} none without sections */
export const view = ({ prefix }, title, path, sections, more) =>
  sections.length ? [{ title, path: prefix + path, type: "sections", max_columns: COLUMNS, sections, ...more }] : [];

/** @type {(queue: QueuePart) => string} */
export const queuePath = ({ id }) => `queue-${id.replace(/[^\p{L}\p{N}]+/gu, "-")}`;
