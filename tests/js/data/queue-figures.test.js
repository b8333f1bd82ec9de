/** Tests of the queues' figures and of their total: who is free where, what is unknown, and what stays the same. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  longestWait,
  queueFigures,
  queuesTotal,
  serviceLevelLevel,
} from "../../../custom_components/dls_pbx/front_desk/www/data/queue-figures.js";
import { settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";
import { agent, ago, change, desk, NOW, phone, queue } from "../helpers/office.js";

/** @import { Queue, Rows } from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js" */

const ALL = settings({});

/** @type {(rows: Partial<Rows>) => ReturnType<typeof queuesTotal>[number]} */
const total = (rows) => queuesTotal(desk(rows), ALL)[0];

test("a queue's row is what the PBX says of it", () => {
  const sales = queue({
    name: "Sales",
    waiting: 2,
    waiting_since: ago(20),
    agents_logged_in: 12,
    agents_available: 3,
    agents_on_call: 4,
    agents_paused: 5,
    service_level: 60,
    service_level_goal: 70,
    calls_today: 80,
    abandoned_calls_today: 9,
    device_id: "d",
  });
  assert.deepEqual(queueFigures(desk({ queues: { sales } }), ALL), [
    {
      id: "sales",
      name: "Sales",
      waiting: 2,
      since: ago(20),
      free: 3,
      busy: 4,
      paused: 5,
      service_level: 60,
      goal: 70,
      calls: 80,
      abandoned: 9,
      device_id: "d",
    },
  ]);
});

test("the queues stand by name as people sort, whatever comes first", () => {
  const queues = { a: queue({ name: "Help 10" }), b: queue({ name: "help 9" }), c: queue({ name: "Desk" }) };
  const names = queueFigures(desk({ queues }), ALL).map(({ name }) => name);
  assert.deepEqual(names, ["Desk", "help 9", "Help 10"]);
});

/** Of two agents one talks on a line that the queue does not know of. */
for (const [what, says, [free, busy]] of /** @type {[string, Partial<Queue>, [number|null, number|null]][]} */ ([
  ["one less than it says", { agents_logged_in: 2, agents_available: 2 }, [1, 1]],
  ["no more than it says", { agents_logged_in: 2, agents_available: 0 }, [0, 0]],
  ["as it says where not all may be seen", { agents_logged_in: 3, agents_available: 2 }, [2, 0]],
  ["as it says where nobody knows how many there are", { agents_logged_in: null, agents_available: 2 }, [2, 0]],
  ["unknown where it does not say", { agents_logged_in: 2, agents_available: null }, [null, 0]],
  ["unknown in both where it says nothing at all", { agents_available: null, agents_on_call: null }, [null, null]],
]))
  test(`who is free in a queue where somebody talks on another line is ${what}`, () => {
    const agents = { 1: agent(), 2: agent() };
    const phones = { 1: phone({ state: "in_call" }), 2: phone() };
    const [found] = queueFigures(desk({ queues: { sales: queue(says) }, agents, phones }), ALL);
    assert.deepEqual([found.free, found.busy], [free, busy]);
  });

test("the total counts agents, and nobody who merely has a phone", () => {
  const found = total({
    queues: {
      sales: queue({ agents_available: 1, abandoned_calls_today: 2 }),
      help: queue({ abandoned_calls_today: 3 }),
    },
    agents: {
      1: agent(),
      2: agent({ state: "on_call" }),
      3: agent({ state: "ringing" }),
      4: agent({ state: "paused" }),
    },
    phones: { 5: phone(), 6: phone({ state: "in_call" }) },
  });
  assert.deepEqual([found.free, found.busy, found.paused, found.abandoned], [1, 2, 1, 5]);
});

test("who may not see all agents is told by the queue alone, also where as many can be seen as are free", () => {
  const sales = queue({ agents_logged_in: 11, agents_available: 2, agents_on_call: 4, agents_paused: 5 });
  const found = total({ queues: { sales }, agents: { 1: agent(), 2: agent({ state: "paused" }) } });
  assert.deepEqual([found.free, found.busy, found.paused], [2, 4, 5]);
});

test("callers are unattended where nobody is free in their own queue, and only there", () => {
  for (const [expected, waiting, agents_available] of /** @type {[boolean, number, number|null][]} */ ([
    [true, 1, 0],
    [false, 1, 2],
    [false, 1, null],
    [false, 0, 0],
  ])) {
    const found = total({
      queues: {
        sales: queue({ waiting, agents_available, agents_logged_in: 9 }),
        help: queue({ agents_available: 3 }),
      },
    });
    assert.equal(Boolean(found.isUnattended), expected, JSON.stringify([waiting, agents_available]));
  }
});

test("a wait that is known counts, also where nobody knows how many wait", () => {
  const found = total({ queues: { sales: queue({ waiting: null, waiting_since: ago(20) }), help: queue() } });
  assert.equal(longestWait(found, NOW), 20);
});

test("a service level is neither good nor bad where nobody knows the goal", () => {
  const queues = {
    sales: queue({ service_level: 90, service_level_goal: 80, calls_today: null }),
    help: queue({ service_level: 90, service_level_goal: 95, calls_today: null }),
  };
  const { service_level, goal } = total({ queues });
  assert.deepEqual([service_level, goal, serviceLevelLevel(service_level, goal, ALL)], [90, null, "unknown"]);
});

test("rows and total change with queues, agents and phones, and are the same objects where nothing is seen of a change", () => {
  const office = desk({
    queues: { sales: queue({ agents_logged_in: 1, agents_available: 1 }), night: queue({ name: "Night" }) },
    agents: { 1: agent() },
    phones: { 1: phone(), 2: phone() },
  });
  const [rows, all] = [queueFigures(office, ALL), queuesTotal(office, ALL)];
  office.apply(change({ phones: { 2: phone({ voicemail_new: 1 }) } }));
  assert.equal(queueFigures(office, ALL), rows);
  assert.equal(queuesTotal(office, ALL), all);
  office.apply(change({ phones: { 1: phone({ state: "in_call" }) } }));
  const later = queueFigures(office, ALL);
  assert.deepEqual(
    later.map(({ name, free }) => [name, free]),
    [
      ["Night", 0],
      ["Sales", 0],
    ],
  );
  assert.deepEqual([later[0] === rows[0], queuesTotal(office, ALL)[0].free], [true, 0]);
  office.apply(change({ queues: { night: queue({ name: "Night", waiting: 3 }) } }));
  assert.deepEqual([queueFigures(office, ALL)[0].waiting, queuesTotal(office, ALL)[0].waiting], [3, 3]);
  office.apply(change({ agents: { 1: null } }));
  assert.deepEqual([all[0].busy, queuesTotal(office, ALL)[0].busy], [0, null]);
});
