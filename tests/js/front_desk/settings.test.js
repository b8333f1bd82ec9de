/** Tests of a card's settings: what is left out, and what cannot be meant. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS, SECTIONS, settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";

test("a card without options shows everything but the figures of people's work", () => {
  assert.deepEqual(settings({ type: "custom:dls-pbx-front-desk" }), DEFAULTS);
  assert.deepEqual([...settings({}).sections, "figures"], SECTIONS);
  const { queues, wall, chime } = settings({});
  assert.deepEqual([queues, wall, chime], [[], false, false]);
});

test("on a wall there is what can be read from afar, unless somebody chose", () => {
  assert.deepEqual(settings({ wall: true }).sections, ["queues", "waiting", "people"]);
  assert.deepEqual(settings({ wall: true, sections: ["calls"] }).sections, ["calls"]);
});

test("sections are known by the names that they had, each once", () => {
  const former = ["missed", "agents", "waiting", "phones"];
  assert.deepEqual(settings({ sections: former }).sections, ["callbacks", "people", "waiting"]);
});

test("what is set holds, and the rest stays as it is", () => {
  const config = {
    title: "Desk",
    queues: ["sales"],
    sections: ["callbacks", "waiting"],
    wait_red: 120,
    grid_options: { rows: 3 },
  };
  const { grid_options: _, ...ours } = config;
  assert.deepEqual(settings(config), { ...DEFAULTS, ...ours });
});

test("a field that was emptied in the editor counts as not set", () => {
  assert.deepEqual(settings({ title: "", wait_amber: null, service_level_red: undefined }), DEFAULTS);
});

test("no section at all is a choice: the strip alone, on a small wall", () => {
  assert.deepEqual(settings({ sections: [] }).sections, []);
});

test("a threshold may be 0, and both may be the same", () => {
  assert.equal(settings({ wait_amber: 0, wait_red: 0 }).wait_red, 0);
  assert.equal(settings({ waiting_amber: 4, waiting_red: 4 }).waiting_red, 4);
});

test("the service level may be red from any share on", () => {
  for (const share of [0, 80, 100]) assert.equal(settings({ service_level_red: share }).service_level_red, share);
});

for (const [key, value] of /** @type {const} */ ([
  ["config_entry_id", 5],
  ["title", ["Desk"]],
  ["sections", "waiting"],
  ["sections", ["waiting", "weather"]],
  ["sections", ["waiting", "waiting"]],
  ["queues", "sales"],
  ["queues", [1]],
  ["queues", ["sales", "sales"]],
  ["wait_amber", "30"],
  ["wait_amber", -1],
  ["wait_red", NaN],
  ["waiting_amber", true],
  ["waiting_red", {}],
  ["service_level_red", 101],
  ["service_level_red", -1],
  ["wall", "yes"],
  ["chime", 1],
])) {
  test(`${key}: ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => settings({ [key]: value }), { message: `${key}: ${JSON.stringify(value)} is not possible` });
  });
}

test("amber above red is refused, also when only one of them is set", () => {
  assert.throws(() => settings({ wait_amber: 61 }), /amber/);
  assert.throws(() => settings({ waiting_amber: 9, waiting_red: 8 }), /amber/);
});
