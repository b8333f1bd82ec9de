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
  entities: {
    ...entities(id, "callers_waiting service_level_today calls_today completed_calls hold_time"),
    queue: `event.${id}`,
  },
});

/** @type {(fields?: Partial<Layout>) => Layout} */
const layout = (fields) => ({
  config_entry_id: "entry",
  name: "Office",
  sender: null,
  pbx: {
    device_id: "pbx",
    entities: {
      callbacks: "todo.callbacks",
      call: "event.call",
      sms: "event.sms",
      fax: "event.fax",
      ...entities("pbx", "faxes_queued faxes_completed active_calls"),
    },
  },
  queues: [queue("support"), queue("night shift")],
  phones: [{ id: "a", name: "Tom", extension: "630", device_id: "tom", entities: { call_state: "sensor.tom" } }],
  statistics: [
    { id: "dls_pbx:pbx_calls", key: "calls", queue: null },
    { id: "dls_pbx:support_calls", key: "calls", queue: "support" },
    { id: "dls_pbx:night_calls", key: "calls", queue: "night shift" },
    { id: "dls_pbx:pbx_talk_time", key: "talk_time", queue: null },
  ],
  ...fields,
});

/** @type {(layouts: Layout[], config?: object) => any[]} */
const views = (layouts, config) =>
  dashboard(layouts, t, "/desk", config).views.filter(({ path }) => !String(path).endsWith("wall"));

/** @type {(found: any[]) => string[]} */
const paths = (found) => found.map(({ path }) => path);

/** @type {(view: any) => any[]} all cards of a view */
const cards = (view) => (view.sections ?? [view]).flatMap((/** @type {any} */ section) => section.cards);

/** @type {(view: any, type: string) => any[]} */
const of = (view, type) => cards(view).filter((card) => card.type === type);

test("an office has a front desk, its messages and calls, a view for each queue, its phones and its history", () => {
  assert.deepEqual(
    views([layout()]).map(({ path, subview }) => [path, Boolean(subview)]),
    [
      ["overview", false],
      ["messages", false],
      ["calls", false],
      ["queue-support", false],
      ["queue-night-shift", false],
      ["phones", false],
      ["history", false],
    ],
  );
});

test("the overview is the front desk, and leads to the same on a wall", () => {
  const [overview, wall] = dashboard([layout()], t, "/desk").views;
  assert.equal(of(overview, "custom:dls-pbx-front-desk")[0].config_entry_id, "entry");
  const [link] = of(overview, "heading");
  assert.deepEqual(link.tap_action, { action: "navigate", navigation_path: "/desk/wall" });
  assert.deepEqual([wall.path, wall.subview, wall.type], ["wall", true, "panel"]);
  const card = { type: "custom:dls-pbx-front-desk", config_entry_id: "entry", title: "Office", wall: true };
  assert.deepEqual(wall.cards, [card]);
});

test("messages and calls are there for who may read them, the lists for administrators", () => {
  const all = dashboard([layout()], t, "/desk", {}, true).views;
  const lists = all.find(({ path }) => path === "lists");
  assert.deepEqual(
    of(lists, "custom:dls-pbx-lists").map(({ config_entry_id }) => config_entry_id),
    ["entry"],
  );
  const { sms: _, call: __, ...entities } = layout().pbx.entities;
  const found = views([layout({ pbx: { device_id: "pbx", entities } })]);
  assert.deepEqual(paths(found).slice(0, 2), ["overview", "queue-support"]);
});

test("a queue's view has its agents, its figures, and graphs of who waits and of the service level", () => {
  const support = views([layout()])[3];
  assert.deepEqual(of(support, "custom:dls-pbx-front-desk")[0].queues, ["support"]);
  assert.deepEqual(
    of(support, "tile").map(({ entity }) => entity),
    [
      "sensor.support_callers_waiting",
      "sensor.support_calls_today",
      "sensor.support_service_level_today",
      "sensor.support_completed_calls",
      "sensor.support_hold_time",
    ],
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
  assert.deepEqual(queues.entities, [
    { entity: "dls_pbx:support_calls", name: "The support" },
    { entity: "dls_pbx:night_calls", name: "The night shift" },
  ]);
  assert.deepEqual(of(history, "logbook")[0].target.entity_id, [
    "event.call",
    "event.sms",
    "event.fax",
    "event.support",
    "event.night shift",
  ]);
});

test("what the PBX counts since its restart stands apart from the figures of today", () => {
  const support = views([layout()])[3];
  const sections = support.sections.slice(1).map((/** @type {any} */ section) => {
    const [{ heading }, ...tiles] = section.cards;
    return [heading, tiles.flatMap((/** @type {any} */ tile) => tile.entity ?? [])];
  });
  assert.deepEqual(sections.slice(1, 3), [
    ["view_today", ["sensor.support_calls_today", "sensor.support_service_level_today"]],
    ["view_since_restart", ["sensor.support_completed_calls", "sensor.support_hold_time"]],
  ]);
});

test("a tile is as wide as a phone, for half of that cuts its name off", () => {
  for (const view of views([layout()]))
    for (const { grid_options } of of(view, "tile")) assert.ok([12, "full"].includes(grid_options.columns));
});

test("only the chosen views are there, in the usual order; what is none is ignored", () => {
  const whole = paths(views([layout()]));
  assert.deepEqual(paths(views([layout()], { views: ["history", "front_desk", "tea"] })), ["overview", "history"]);
  for (const chosen of [[], ["tea"], "history", null])
    assert.deepEqual(paths(views([layout()], { views: chosen })), whole);
});

test("only the chosen queues are there, and at the front desk what belongs to them", () => {
  const found = views([layout()], { queues: ["night shift", "gone"] });
  assert.deepEqual(paths(found), ["overview", "messages", "calls", "queue-night-shift", "phones", "history"]);
  assert.deepEqual(of(found[0], "custom:dls-pbx-front-desk")[0].queues, ["night shift"]);
  const graphs = of(found[5], "statistics-graph").flatMap((card) => card.entities);
  assert.deepEqual(
    graphs.map(({ entity }) => entity),
    ["dls_pbx:pbx_calls", "dls_pbx:night_calls"],
  );
});

test("queues that are all gone are as if nobody had chosen", () => {
  const found = views([layout()], { queues: ["gone"] });
  assert.deepEqual(paths(found), paths(views([layout()])));
  assert.equal(of(found[0], "custom:dls-pbx-front-desk")[0].queues, undefined);
});

test("of several PBXs the chosen one is there alone, and all of them where it is gone", () => {
  const both = [layout(), layout({ config_entry_id: "other", name: "Warehouse" })];
  const [only] = views(both, { config_entry_id: "other" });
  assert.equal(of(only, "custom:dls-pbx-front-desk")[0].config_entry_id, "other");
  assert.equal(only.path, "overview");
  assert.deepEqual(paths(views(both, { config_entry_id: "gone" })), paths(views(both)));
});

test("no link leads to a queue's view that was not chosen", () => {
  const many = Array.from({ length: 50 }, (_, number) => queue(`q${number}`));
  const [overview] = views([layout({ queues: many })], { views: ["front_desk"] });
  assert.deepEqual(
    of(overview, "tile").filter(({ tap_action: tap }) => tap),
    [],
  );
});

test("what is not there, or may not be read, is left out without a trace", () => {
  const nothing = { device_id: null, entities: {} };
  const bare = layout({ pbx: nothing, queues: [{ ...queue("support"), entities: {} }], phones: [], statistics: [] });
  const [overview, ...others] = views([bare]);
  assert.deepEqual(others, []);
  assert.deepEqual(
    cards(overview).map(({ type }) => type),
    ["custom:dls-pbx-front-desk", "heading"],
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
    others.slice(2, 5).map(({ path }) => path),
    ["1-queue-sales-1", "1-queue-sales-1-d5a4c0", "1-queue-unknown"],
  );
  const links = of(overview, "tile").flatMap(({ tap_action: tap }) => tap?.navigation_path ?? []);
  assert.deepEqual(
    links,
    others.slice(2, 5).map(({ path }) => `/desk/${path}`),
  );
});

test("five queues are tabs, and six are too many", () => {
  for (const [count, areTabs] of /** @type {const} */ ([
    [5, true],
    [6, false],
  ])) {
    const queues = Array.from({ length: count }, (_, number) => queue(`q${number}`));
    const found = views([layout({ queues })]).filter(({ path }) => path.startsWith("queue-"));
    assert.deepEqual(
      found.map(({ subview }) => !subview),
      Array(count).fill(areTabs),
    );
  }
});

test("many queues are no tabs: the overview leads to them", () => {
  const many = Array.from({ length: 50 }, (_, number) => queue(`q${number}`));
  const [overview, ...others] = views([layout({ queues: many })]);
  const links = of(overview, "tile").filter(({ tap_action: tap }) => tap);
  assert.equal(links.length, 50);
  assert.deepEqual(links[7].tap_action, { action: "navigate", navigation_path: "/desk/queue-q7" });
  assert.deepEqual(
    others.filter(({ subview }) => !subview).map(({ path }) => path),
    ["messages", "calls", "phones", "history"],
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
