/** Tests of the form in which somebody chooses what the dashboard shows. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  strategySchema,
  withoutBlanks,
} from "../../../custom_components/dls_pbx/front_desk/www/dashboard/strategy-form.js";
import { VIEWS } from "../../../custom_components/dls_pbx/front_desk/www/dashboard/strategy.js";

/** @import { Layout } from "../../../custom_components/dls_pbx/front_desk/www/data/layout-types.js" */

/** @type {(key: string) => string} */
const t = (key) => key;

/** @type {(config_entry_id: string, ...queues: string[]) => Layout} */
const layout = (config_entry_id, ...queues) => ({
  config_entry_id,
  name: `Office ${config_entry_id}`,
  sender: null,
  pbx: { device_id: null, entities: {} },
  queues: queues.map((id) => ({ id, object_id: `queue_${id}`, name: `The ${id}`, device_id: null, entities: {} })),
  phones: [],
  statistics: [],
});

/** @type {(layouts: Layout[], config?: object) => Record<string, string[][]>} what each field offers */
const offered = (layouts, config = {}) =>
  Object.fromEntries(
    strategySchema(layouts, config, t).map((/** @type {any} */ { name, selector }) => [
      name,
      selector.select.options.map((/** @type {any} */ { value, label }) => [value, label]),
    ]),
  );

test("queues and views are offered by their names; a PBX only where there are several", () => {
  const found = offered([layout("a", "support")]);
  assert.deepEqual(Object.keys(found), ["queues", "views"]);
  assert.deepEqual(found.queues, [["support", "The support"]]);
  assert.deepEqual(
    found.views.map(([value]) => value),
    Object.keys(VIEWS),
  );
});

test("of several PBXs only the chosen one's queues are offered", () => {
  const both = [layout("a", "support"), layout("b", "sales")];
  const all = offered(both);
  assert.deepEqual(all.config_entry_id, [
    ["a", "Office a"],
    ["b", "Office b"],
  ]);
  assert.deepEqual(all.queues, [
    ["support", "The support (Office a)"],
    ["sales", "The sales (Office b)"],
  ]);
  assert.deepEqual(offered(both, { config_entry_id: "b" }).queues, [["sales", "The sales"]]);
});

test("a field that was emptied is as if nobody had chosen", () => {
  const config = { type: "custom:dls-pbx", config_entry_id: "", queues: [], views: ["history"] };
  assert.deepEqual(withoutBlanks(config), { type: "custom:dls-pbx", views: ["history"] });
});
