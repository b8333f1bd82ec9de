/** Tests of the people: one person has one state, and is found by what others call them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arePeopleUnknown,
  counts,
  everybody,
  people,
} from "../../../custom_components/dls_pbx/front_desk/www/data/people.js";
import { settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";
import { agent, ago, call, change, desk, health, phone } from "../helpers/office.js";

/** @import { Rows } from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js" */

const ALL = settings({});
const SALES = settings({ queues: ["sales"] });

/** @type {(rows: Partial<Rows>) => any} */
const only = (rows) => everybody(desk(rows), ALL)[0];

/** @type {(list: readonly {id: string}[]) => string[]} */
const ids = (list) => list.map(({ id }) => id);

test("of all that is said of one person the worst counts", () => {
  const talking = call({ caller: "1" });
  for (const [expected, rows] of /** @type {[string|null, Partial<Rows>][]} */ ([
    ["available", { phones: { 1: phone() }, agents: { 1: agent() } }],
    ["unreachable", { phones: { 1: phone({ registered: false }) }, agents: { 1: agent({ state: "on_call" }) } }],
    ["unreachable", { phones: { 1: phone({ state: "in_call" }) }, agents: { 1: agent({ state: "unreachable" }) } }],
    [
      "paused",
      { phones: { 1: phone({ state: "in_call" }) }, agents: { 1: agent({ state: "on_call", paused: true }) } },
    ],
    ["paused", { phones: { 1: phone() }, agents: { 1: agent({ state: "paused", paused: true }) } }],
    ["on_call", { phones: { 1: phone({ state: "in_call" }) }, agents: { 1: agent() } }],
    ["on_call", { phones: { 1: phone() }, calls: { a: talking } }],
    ["ringing", { phones: { 1: phone() }, calls: { a: { ...talking, status: "ringing" } } }],
    [null, { phones: { 1: phone({ state: null, registered: null }) } }],
  ]))
    assert.equal(only(rows).state, expected, JSON.stringify(rows));
});

test("a break counts from its beginning, and a talk from the answer of that talk", () => {
  const paused = agent({ state: "on_call", paused: true, pause_reason: "Lunch", paused_since: ago(60), since: ago(5) });
  const resting = only({ agents: { 1: paused } });
  assert.deepEqual([resting.state, resting.reason, resting.since], ["paused", "Lunch", ago(60)]);
  const talking = only({
    phones: { 1: phone() },
    calls: { a: call({ callee: "1", since: ago(9), answered: ago(4) }) },
  });
  assert.deepEqual([talking.since, talking.answered, talking.other], [ago(9), ago(4), "(815) 555-0100"]);
});

test("how long a phone has rung counts from the call's beginning", () => {
  const ringing = call({ callee: "1", status: "ringing", since: ago(7) });
  assert.equal(only({ phones: { 1: phone({ state: "ringing" }) }, calls: { a: ringing } }).since, ago(7));
});

test("of a talk that a queue knows, too, the queue tells more: since when, since which answer, and with whom", () => {
  const found = only({
    phones: { 1: phone({ state: "in_call" }) },
    agents: { 1: agent({ state: "on_call", since: ago(5), answered: ago(3), connected_to: "Maria" }) },
    calls: { a: call({ callee: "1", since: ago(9), answered: ago(8), name: "Someone" }) },
  });
  assert.deepEqual([found.since, found.answered, found.other], [ago(5), ago(3), "Maria"]);
});

test("why somebody pauses, and since when, is not told of a phone that cannot be reached", () => {
  const paused = agent({ state: "paused", paused: true, pause_reason: "Lunch", paused_since: ago(60) });
  const found = only({ phones: { 1: phone({ registered: false }) }, agents: { 1: paused } });
  assert.deepEqual([found.state, found.reason, found.since], ["unreachable", null, null]);
});

test("who has a phone and is an agent is told by the phone's name, and both tell what only they know", () => {
  const parts = { 1: agent({ name: "Agent/101", extension: "999", queues: ["help"] }) };
  const both = only({ phones: { 1: phone({ voicemail_new: 3, device_id: "d" }) }, agents: parts });
  assert.deepEqual(
    [both.name, both.extension, both.voicemail, both.device_id, both.queues],
    ["Ann", "101", 3, "d", ["help"]],
  );
  const alone = only({ agents: parts });
  assert.deepEqual(
    [alone.name, alone.extension, alone.voicemail, alone.device_id, alone.queues],
    ["Agent/101", "999", 0, null, ["help"]],
  );
  assert.deepEqual(only({ phones: { 1: phone({ voicemail_new: null }) } }).queues, []);
});

test("who talks to a colleague is told by the colleague's name, also after that was changed", () => {
  const office = desk({
    phones: { 1: phone({ name: "Ann" }), 2: phone({ name: "Bo" }) },
    calls: { a: call({ direction: "internal", number: null, caller: "1", callee: "2" }) },
  });
  assert.deepEqual(
    everybody(office, ALL).map(({ other }) => other),
    ["Bo", "Ann"],
  );
  office.apply(change({ phones: { 2: phone({ name: "Bob" }) } }));
  assert.equal(everybody(office, ALL)[0].other, "Bob");
});

test("of several calls of one person the one that is spoken is told", () => {
  const calls = {
    a: call({ callee: "1", number: "spoken", since: ago(90) }),
    b: call({ callee: "1", number: "ringing", since: ago(5), status: "ringing" }),
  };
  assert.equal(only({ phones: { 1: phone() }, calls }).other, "spoken");
  const later = { ...calls, c: call({ callee: "1", number: "later", since: ago(60) }), d: calls.a };
  assert.equal(only({ phones: { 1: phone() }, calls: later }).other, "later");
});

test("an extension that is there twice is told with its tenant", () => {
  const phones = { 1: phone({ tenant: "North" }), 2: phone({ tenant: "South" }), 3: phone({ extension: "102" }) };
  const found = everybody(desk({ phones }), ALL).map(({ extension }) => extension);
  assert.deepEqual(found.sort(), ["101@North", "101@South", "102"]);
});

test("people stand by name as people sort, numbers by their size", () => {
  const phones = {
    1: phone({ name: "Room 10" }),
    2: phone({ name: "Room 9" }),
    3: phone({ name: "Ángel" }),
    4: phone({ name: "bo" }),
  };
  assert.deepEqual(ids(everybody(desk({ phones }), ALL)), ["3", "4", "2", "1"]);
});

test("an agent without a phone that may be seen is a person, too; with queues chosen only their agents are", () => {
  const rows = {
    phones: { 1: phone(), 2: phone() },
    agents: { 1: agent({ queues: ["sales", "help"] }), 3: agent({ queues: ["help"], name: "Zoe" }) },
  };
  assert.deepEqual(ids(everybody(desk(rows), ALL)), ["1", "2", "3"]);
  assert.deepEqual(ids(everybody(desk(rows), SALES)), ["1"]);
});

for (const [search, found] of Object.entries({
  "": ["1", "2", "3"],
  "  ": ["1", "2", "3"],
  jose: ["1"],
  JOSÉ: ["1"],
  "nunez  jo": ["1"],
  "Jose\u0301": ["1"],
  10: ["1", "3"],
  "front 10": ["3"],
  nobody: [],
  "jose 102": [],
})) {
  test(`searching the people for "${search}" finds ${found.length}`, () => {
    const phones = {
      1: phone({ name: "José Núñez", extension: "101" }),
      2: phone({ name: "Lobby", extension: "220" }),
      3: phone({ name: "Reception front", extension: "310" }),
    };
    assert.deepEqual(ids(people(desk({ phones }), ALL, "all", search)).sort(), found);
  });
}

test("each filter has its people, and says how many", () => {
  const office = desk({
    phones: {
      1: phone(),
      2: phone({ state: "in_call" }),
      3: phone({ state: "ringing" }),
      4: phone({ registered: false }),
      5: phone({ state: null, registered: null }),
      6: phone(),
    },
    agents: { 6: agent({ state: "paused", paused: true }) },
  });
  assert.deepEqual(counts(office, ALL), { all: 6, free: 1, on_call: 2, off: 2 });
  for (const [filter, found] of Object.entries({ free: ["1"], on_call: ["2", "3"], off: ["4", "6"] }))
    assert.deepEqual(ids(people(office, ALL, filter, "")).sort(), found);
  assert.deepEqual(ids(people(office, ALL, "free", "ann")), ["1"]);
});

test("who is renamed is found by the new name, and the list stays the same while nothing of it changes", () => {
  const office = desk({ phones: { 1: phone({ name: "Lobby" }) }, agents: { 2: agent({ queues: ["help"] }) } });
  assert.equal(people(office, ALL, "all", "door").length, 0);
  office.apply(change({ phones: { 1: phone({ name: "Front door" }) } }));
  const found = people(office, ALL, "all", "door");
  assert.equal(found.length, 1);
  office.apply(change({ agents: { 2: agent({ queues: ["help"], state: "ringing" }) } }));
  assert.equal(people(office, ALL, "all", "door"), found);
});

test("no people means nothing while nobody has said who there is", () => {
  const answering = { pbx: health(), users: health(), queues: health() };
  for (const [expected, rows] of /** @type {[boolean, Partial<Rows>][]} */ ([
    [true, {}],
    [false, { health: answering }],
    [true, { health: { ...answering, users: health({ ok: false }) } }],
    [true, { health: { ...answering, queues: health({ ok: false }) } }],
    [false, { health: { ...answering, calls: health({ ok: false }) } }],
    [false, { phones: { 1: phone() } }],
    [false, { agents: { 1: agent() } }],
  ]))
    assert.equal(arePeopleUnknown(desk(rows), ALL), expected, JSON.stringify(rows));
});
