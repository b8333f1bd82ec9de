/** Tests of the status strip's figures, above all of what is unknown. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";
import { queueFigures, waitLevel } from "../../../custom_components/dls_pbx/front_desk/www/data/queue-figures.js";
import { statusStripFigures } from "../../../custom_components/dls_pbx/front_desk/www/data/status-strip-figures.js";
import { Store } from "../../../custom_components/dls_pbx/front_desk/www/data/store.js";
import { agent, ago, change, missed, NOW, phone, queue, snapshot } from "../helpers/office.js";

/** @import { Agent, Queue } from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js" */

/**
 * @param {Record<string, Queue>} queues
 * @param {Record<string, Agent>} agents
 */
function figures(queues, agents = {}, config = {}) {
  const desk = new Store();
  desk.apply(snapshot({ queues, agents }));
  return statusStripFigures(desk, settings({ ...config }), NOW);
}

const NOTHING = { value: null, level: "unknown" };

test("without any queue nothing is known, and nothing is 0", () => {
  assert.deepEqual(figures({}), {
    waiting: NOTHING,
    longest_wait: { since: null, seconds: null, level: "unknown" },
    free_agents: NOTHING,
    service_level: { ...NOTHING, goal: null },
    callbacks: NOTHING,
  });
});

test("a queue of which the PBX says nothing is unknown, and nothing is 0", () => {
  const unknown = queue({ waiting: null, agents_available: null, calls_today: null });
  const found = figures({ sales: unknown });
  assert.deepEqual(
    [found.waiting, found.longest_wait.seconds, found.free_agents, found.service_level],
    [NOTHING, null, NOTHING, { ...NOTHING, goal: 80 }],
  );
});

test("in a quiet office nobody waits, for no time", () => {
  const found = figures({ sales: queue({ agents_available: 1 }) }, { 1: agent() });
  assert.deepEqual(found.waiting, { value: 0, level: "ok" });
  assert.deepEqual(found.longest_wait, { since: null, seconds: 0, level: "ok" });
  assert.deepEqual(found.free_agents, { value: 1, level: "ok" });
});

test("callers of all queues are counted together, and the longest wait is that of all", () => {
  const found = figures({
    sales: queue({ waiting: 2, waiting_since: ago(20) }),
    help: queue({ waiting: 1, waiting_since: ago(45) }),
    night: queue(),
  });
  assert.equal(found.waiting.value, 3);
  assert.deepEqual(found.longest_wait, { since: ago(45), seconds: 45, level: "amber" });
});

test("with queues chosen, the others do not count", () => {
  const queues = {
    sales: queue({ waiting: 1, waiting_since: ago(5), agents_available: 1 }),
    help: queue({ waiting: 7, waiting_since: ago(500), service_level: 3 }),
  };
  const found = figures(queues, { 1: agent(), 2: agent({ queues: ["help"] }) }, { queues: ["sales"] });
  assert.deepEqual(
    [found.waiting.value, found.longest_wait.seconds, found.free_agents.value, found.service_level.value],
    [1, 5, 1, null],
  );
});

test("somebody waits, but nobody knows since when", () => {
  assert.deepEqual(figures({ sales: queue({ waiting: 1 }) }).longest_wait, {
    since: null,
    seconds: null,
    level: "unknown",
  });
});

test("levels rise at their thresholds", () => {
  const levels = [29.9, 30, 59.9, 60, 0].map((seconds) => waitLevel(seconds, settings({})));
  assert.deepEqual(levels, ["ok", "amber", "amber", "red", "ok"]);
  assert.equal(waitLevel(null, settings({})), "unknown");
  const waiting = [0, 2, 3, 4, 5].map((count) => figures({ sales: queue({ waiting: count }) }).waiting.level);
  assert.deepEqual(waiting, ["ok", "ok", "amber", "amber", "red"]);
});

test("an agent of two queues who is free is one person", () => {
  const queues = { sales: queue({ agents_available: 1 }), help: queue({ agents_available: 1 }) };
  assert.equal(figures(queues, { 1: agent({ queues: ["sales", "help"] }) }).free_agents.value, 1);
});

test("nobody free is amber, and red while someone waits", () => {
  const agents = { 1: agent({ state: "paused" }) };
  assert.deepEqual(figures({ sales: queue() }, agents).free_agents, { value: 0, level: "amber" });
  assert.deepEqual(figures({ sales: queue({ waiting: 1 }) }, agents).free_agents, { value: 0, level: "red" });
});

test("while nobody is known to be free, an agent of whom nothing is known could be", () => {
  const agents = { 1: agent({ state: null }), 2: agent({ state: "paused" }) };
  assert.deepEqual(figures({ sales: queue() }, agents).free_agents, NOTHING);
  assert.equal(figures({ sales: queue() }, { ...agents, 3: agent() }).free_agents.value, 1);
});

test("who may not see every agent sees the queue's own count, or none where it cannot be added", () => {
  const sales = queue({ agents_available: 3 });
  assert.equal(figures({ sales }, { 1: agent() }).free_agents.value, 3);
  assert.equal(figures({ sales, help: queue({ agents_available: 1 }) }, { 1: agent() }).free_agents.value, null);
});

test("the service level of one queue is the queue's own", () => {
  const rated = (/** @type {number} */ level) =>
    figures({ sales: queue({ service_level: level, calls_today: null }) }).service_level;
  assert.deepEqual(rated(92), { value: 92, goal: 80, level: "ok" });
  assert.deepEqual(
    [80, 79.9, 60, 59.9, 0].map((level) => rated(level).level),
    ["ok", "amber", "amber", "amber", "amber"],
  );
});

test("the service level of several queues counts every call alike, and so does the goal", () => {
  const queues = {
    sales: queue({ service_level: 100, calls_today: 30, service_level_goal: 90 }),
    help: queue({ service_level: 60, calls_today: 10, service_level_goal: 70 }),
    night: queue({ calls_today: 10, service_level_goal: 10 }),
  };
  assert.deepEqual(figures(queues).service_level, { value: 90, goal: 85, level: "ok" });
});

test("where nobody knows how many calls each queue had, only what they agree on is told", () => {
  const one = queue({ service_level: 100, calls_today: null });
  const other = queue({ service_level: 60, calls_today: 10 });
  assert.deepEqual(figures({ one, other }).service_level, { value: null, goal: 80, level: "unknown" });
  assert.deepEqual(figures({ one, other: { ...other, service_level: 100 } }).service_level, {
    value: 100,
    goal: 80,
    level: "ok",
  });
});

test("before the first call of the day there is a goal, but no service level", () => {
  assert.deepEqual(figures({ sales: queue(), help: queue() }).service_level, {
    value: null,
    goal: 80,
    level: "unknown",
  });
});

test("the service level is red only where somebody has said from where on", () => {
  const sales = queue({ service_level: 70 });
  assert.deepEqual(
    [75, 70, 0].map((red) => figures({ sales }, {}, { service_level_red: red }).service_level.level),
    ["red", "amber", "amber"],
  );
});

test("somebody free in one queue is no comfort to who waits in another", () => {
  const queues = {
    sales: queue({ agents_available: 4 }),
    help: queue({ waiting: 5, agents_available: 0 }),
  };
  const agents = Object.fromEntries([1, 2, 3, 4].map((id) => [id, agent()]));
  assert.deepEqual(figures(queues, agents).free_agents, { value: 4, level: "red" });
});

test("who talks on another line is free nowhere", () => {
  const desk = new Store();
  const sales = queue({ agents_logged_in: 2, agents_available: 2, agents_on_call: 0 });
  desk.apply(
    snapshot({ queues: { sales }, agents: { 1: agent(), 2: agent() }, phones: { 1: phone({ state: "in_call" }) } }),
  );
  assert.equal(statusStripFigures(desk, settings({}), NOW).free_agents.value, 1);
  const [{ free, busy }] = queueFigures(desk, settings({}));
  assert.deepEqual([free, busy], [1, 1]);
});

test("callbacks are amber when somebody has waited for one for an hour", () => {
  const levels = [60, 3_600, 3_601].map((seconds) => {
    const desk = new Store();
    desk.apply(snapshot({ missed: { 1: missed({ last: ago(seconds) }) } }));
    return statusStripFigures(desk, settings({}), NOW).callbacks;
  });
  assert.deepEqual(levels, [
    { value: 1, level: "ok" },
    { value: 1, level: "ok" },
    { value: 1, level: "amber" },
  ]);
  const both = new Store();
  both.apply(snapshot({ missed: { 1: missed({ last: ago(60) }), 2: missed({ last: ago(3_601) }) } }));
  assert.deepEqual(statusStripFigures(both, settings({}), NOW).callbacks, { value: 2, level: "amber" });
});

test("the longest wait grows with the clock alone", () => {
  const desk = new Store();
  desk.apply(snapshot({ queues: { sales: queue({ waiting: 1, waiting_since: ago(0) }) } }));
  const later = [0, 30_000, 60_000].map((wait) => statusStripFigures(desk, settings({}), NOW + wait).longest_wait);
  assert.deepEqual(
    later.map(({ seconds, level }) => [seconds, level]),
    [
      [0, "ok"],
      [30, "amber"],
      [60, "red"],
    ],
  );
});

test("rows that are gone are unknown again", () => {
  const desk = new Store();
  desk.apply(snapshot({ queues: { sales: queue({ waiting: 1, waiting_since: ago(9) }) }, agents: { 1: agent() } }));
  desk.apply(change({ queues: { sales: null }, agents: { 1: null } }));
  const found = statusStripFigures(desk, settings({}), NOW);
  assert.deepEqual([found.waiting, found.longest_wait.seconds, found.free_agents], [NOTHING, null, NOTHING]);
});
