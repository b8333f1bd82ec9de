/** Parts of the dashboard as JSON: cards, built-in ones wherever they serve, sections of them, and views of sections. */

/** @import { Layout, Part, QueuePart } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @typedef {Record<string, unknown>} Card a view, a section or a card */

/**
 * @typedef {object} ViewContext what all views of one PBX are made from
 * @property {Layout} layout
 * @property {Card} desk the front desk's configuration: whose it is, and which queues
 * @property {Translate} t
 * @property {string} base the dashboard's own path
 * @property {string} prefix of the views' paths, where there are several PBXs
 * @property {string} title of the first view
 * @property {boolean} isAdmin whether for an administrator
 * @property {boolean} areQueuesSubviews whether they are not among the tabs
 * @property {boolean} hasQueueLinks whether the first view leads to them, since they have no tabs
 */

export const COLUMNS = 6;
export const FULL_WIDTH = { grid_options: { columns: "full" } };

/** What a queue counts from midnight on, and the PBX over all queues. */
export const TODAY =
  "calls_today missed_calls_today abandoned_calls_today service_level_today answer_speed_today talk_time_today";

/** @type {(part: Part, keys: string) => string[]} those that are there */
export const entityIds = ({ entities }, keys) => keys.split(" ").flatMap((key) => entities[key] ?? []);

/** As wide as a phone: half of that cuts names off. */
const TILE_WIDTH = { grid_options: { columns: 12 } };

/** @type {(part: Part, keys: string, more?: Card) => Card[]} */
export const tiles = (part, keys, more) =>
  entityIds(part, keys).map((entity) => ({ type: "tile", entity, name: { type: "entity" }, ...TILE_WIDTH, ...more }));

/** @type {(heading: string, column_span: number, ...cards: Card[]) => Card[]} none where it would be empty */
export const section = (heading, column_span, ...cards) =>
  cards.length ? [{ type: "grid", column_span, cards: [{ type: "heading", heading }, ...cards] }] : [];

/** @type {(config: Card) => Card} a section with the front desk, over the whole width */
export const frontDesk = (config) => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [{ type: "custom:dls-pbx-front-desk", ...config, ...FULL_WIDTH }],
});

/** @type {(things: unknown[], card: Card) => Card[]} one card for all of them, where there are any */
const sharedCard = (things, card) => (things.length ? [{ ...card, ...FULL_WIDTH }] : []);

/** @type {(entities: string[]) => Card[]} */
export const logbook = (entities) =>
  sharedCard(entities, { type: "logbook", target: { entity_id: entities }, hours_to_show: 24 });

/** @type {(title: string, entities: string[]) => Card[]} */
export const historyGraph = (title, entities) =>
  sharedCard(entities, { type: "history-graph", title, entities, hours_to_show: 12 });

/** @type {(title: string, entities: {entity: string, name: string}[]) => Card[]} what each day brought */
export const dayBars = (title, entities) => {
  const form = { chart_type: "bar", period: "day", days_to_show: 30, stat_types: ["change"] };
  return sharedCard(entities, { type: "statistics-graph", title, entities, ...form });
};

/** @type {(context: ViewContext, title: string, path: string, sections: Card[], more?: Card) => Card[]} none without sections */
export const view = ({ prefix }, title, path, sections, more) =>
  sections.length ? [{ title, path: prefix + path, type: "sections", max_columns: COLUMNS, sections, ...more }] : [];

/** @type {(queue: QueuePart) => string} not made of its name: two names may differ in nothing that a path can have */
export const queuePath = ({ object_id }) => object_id.replace(/_/g, "-");
