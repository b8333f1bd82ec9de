/** Tests of the dashboard's strategy: which views there are, and what is on them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { dashboard } from "../../../custom_components/dls_pbx/front_desk/www/dashboard/strategy.js";

/** @import { Layout, QueuePart } from "../../../custom_components/dls_pbx/front_desk/www/data/layout-types.js" */

/** @type {(key: string) => string} */
const t = (key) => key;

/** @type {(owner: string, keys: string) => Record<string, string>} */
const entities = (owner, keys) => Object.fromEntries(keys.split(" ").map((key) => [key, `sensor.${owner}_${key}`]));

/** @type {(id: string) => QueuePart} */
const queue = (id) => ({
  id,
  object_id: `queue_${id.replace(" ", "_")}`,
  name: `The ${id}`,
  device_id: id,
  entities: { ...entities(id, "callers_waiting service_level_today calls_today"), queue: `event.${id}` },
});

/** @type {(fields?: Partial<Layout>) => Layout} */
const layout = (fields) => ({
  config_entry_id: "entry",
  name: "Office",
  pbx: {
    device_id: "pbx",
    entities: {
      callbacks: "todo.callbacks",
      sms: "event.sms",
      fax: "event.fax",
      ...entities("pbx", "faxes_queued active_calls"),
    },
  },
  queues: [queue("support"), queue("night shift")],
  phones: [{ id: "a", name: "Tom", extension: "630", device_id: "tom", entities: { call_state: "sensor.tom" } }],
  statistics: [
    { id: "dls_pbx:pbx_calls", key: "calls", queue: null },
    { id: "dls_pbx:support_calls", key: "calls", queue: "support" },
  ],
  ...fields,
});

/** @type {(layouts: Layout[]) => any[]} */
const views = (layouts) => dashboard(layouts, t, "/desk").views;

/** @type {(view: any) => any[]} all cards of a view */
const cards = (view) => view.sections.flatMap((/** @type {any} */ section) => section.cards);

/** @type {(view: any, type: string) => any[]} */
const of = (view, type) => cards(view).filter((card) => card.type === type);

test("an office has a front desk, a view for each queue, its phones and its history", () => {
  assert.deepEqual(
    views([layout()]).map(({ path, subview }) => [path, Boolean(subview)]),
    [
      ["overview", false],
      ["queue-support", false],
      ["queue-night-shift", false],
      ["phones", false],
      ["history", false],
    ],
  );
});

test("the overview has the front desk, the callbacks, messages and faxes", () => {
  const [overview] = views([layout()]);
  assert.equal(of(overview, "custom:dls-pbx-front-desk")[0].config_entry_id, "entry");
  assert.equal(of(overview, "todo-list")[0].entity, "todo.callbacks");
  assert.deepEqual(
    of(overview, "logbook").map(({ target }) => target.entity_id),
    [["event.sms"], ["event.fax"]],
  );
  assert.deepEqual(
    of(overview, "heading").map(({ heading }) => heading),
    ["view_callbacks", "view_messages", "view_faxes"],
  );
});

test("a queue's view has its agents, its figures, and graphs of who waits and of the service level", () => {
  const [, support] = views([layout()]);
  assert.deepEqual(of(support, "custom:dls-pbx-front-desk")[0].queues, ["support"]);
  assert.deepEqual(
    of(support, "tile").map(({ entity }) => entity),
    ["sensor.support_callers_waiting", "sensor.support_calls_today", "sensor.support_service_level_today"],
  );
  assert.deepEqual(
    of(support, "history-graph").map(({ entities: shown }) => shown),
    [["sensor.support_callers_waiting"], ["sensor.support_service_level_today"]],
  );
});

test("the history has the PBX's days, the queues beside each other by their names, and what happened", () => {
  const history = views([layout()]).at(-1);
  const [whole, queues] = of(history, "statistics-graph");
  assert.deepEqual(whole.entities, [{ entity: "dls_pbx:pbx_calls", name: "figure_calls" }]);
  assert.deepEqual(queues.entities, [{ entity: "dls_pbx:support_calls", name: "The support" }]);
  assert.deepEqual(of(history, "logbook")[0].target.entity_id, [
    "event.sms",
    "event.fax",
    "event.support",
    "event.night shift",
  ]);
});

test("what is not there, or may not be read, is left out without a trace", () => {
  const nothing = { device_id: null, entities: {} };
  const bare = layout({ pbx: nothing, queues: [{ ...queue("support"), entities: {} }], phones: [], statistics: [] });
  const [overview, ...others] = views([bare]);
  assert.deepEqual(others, []);
  assert.deepEqual(
    cards(overview).map(({ type }) => type),
    ["custom:dls-pbx-front-desk"],
  );
});

test("who may read nothing at all is told so", () => {
  const [only, ...others] = views([]);
  assert.deepEqual(others, []);
  assert.deepEqual(only.cards, [{ type: "markdown", content: "view_nothing" }]);
});

test("queues whose names differ in nothing that a path can have are views of their own", () => {
  const objects = { "Sales/1": "queue_sales_1", "Sales 1": "queue_sales_1_d5a4c0", "★": "queue_unknown" };
  const queues = Object.entries(objects).map(([id, object_id]) => ({ ...queue(id), object_id }));
  const [overview, ...others] = views([layout({ queues }), layout({ name: "Warehouse" })]);
  assert.deepEqual(
    others.slice(0, 3).map(({ path }) => path),
    ["1-queue-sales-1", "1-queue-sales-1-d5a4c0", "1-queue-unknown"],
  );
  const links = of(overview, "tile").flatMap(({ tap_action: tap }) => tap?.navigation_path ?? []);
  assert.deepEqual(
    links,
    others.slice(0, 3).map(({ path }) => `/desk/${path}`),
  );
});

test("many queues are no tabs: the overview leads to them", () => {
  const many = Array.from({ length: 50 }, (_, number) => queue(`q${number}`));
  const [overview, ...others] = views([layout({ queues: many })]);
  const links = of(overview, "tile").filter(({ tap_action: tap }) => tap);
  assert.equal(links.length, 50);
  assert.deepEqual(links[7].tap_action, { action: "navigate", navigation_path: "/desk/queue-q7" });
  assert.deepEqual(
    others.filter(({ subview }) => !subview).map(({ path }) => path),
    ["phones", "history"],
  );
});

test("two PBXs have views of their own under their own names", () => {
  const found = views([layout(), layout({ config_entry_id: "other", name: "Warehouse" })]);
  assert.equal(new Set(found.map(({ path }) => path)).size, found.length);
  const overviews = found.filter(({ path }) => path.endsWith("overview"));
  assert.deepEqual(
    overviews.map((view) => [view.title, of(view, "custom:dls-pbx-front-desk")[0].config_entry_id]),
    [
      ["Office", "entry"],
      ["Warehouse", "other"],
    ],
  );
});
