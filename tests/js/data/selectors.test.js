/** Tests of the selectors: what is shown, in which order, and that nothing is made anew without need. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";
import {
  agentList,
  liveCalls,
  missedCalls,
  outages,
  phoneList,
  queueChoices,
  userName,
  waitingCallers,
} from "../../../custom_components/dls_pbx/front_desk/www/data/selectors.js";
import { Store } from "../../../custom_components/dls_pbx/front_desk/www/data/store.js";
import { agent, ago, call, caller, change, health, missed, phone, queue, snapshot } from "../helpers/office.js";

/** @import { Rows } from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js" */

const ALL = settings({});
const SALES = settings({ queues: ["sales"] });

/** @param {Partial<Rows>} rows */
function desk(rows) {
  const found = new Store();
  found.apply(snapshot(rows));
  return found;
}

/** @type {(entries: readonly (readonly [string, object])[]) => string[]} */
const ids = (entries) => entries.map(([id]) => id);

test("whoever has waited longest comes first, and those of whom nobody knows come last", () => {
  const found = waitingCallers(
    desk({
      queues: {
        sales: queue({ callers: [caller({ name: "C", since: ago(5) }), caller({ name: "D", since: null })] }),
        help: queue({ callers: [caller({ name: "A", since: ago(90) }), caller({ name: "B", since: ago(30) })] }),
      },
    }),
    ALL,
  );
  assert.deepEqual(
    found.map((entry) => [entry.caller.name, entry.queue]),
    [
      ["A", "help"],
      ["B", "help"],
      ["C", "sales"],
      ["D", "sales"],
    ],
  );
});

test("times in different zones are put in the order of time", () => {
  const callers = [
    caller({ name: "later", since: "2026-11-24T06:00:01-06:00" }),
    caller({ name: "sooner", since: "2026-11-24T12:00:00Z" }),
  ];
  const found = waitingCallers(desk({ queues: { sales: queue({ callers }) } }), ALL);
  assert.deepEqual(
    found.map((entry) => entry.caller.name),
    ["sooner", "later"],
  );
});

test("of callers who came at once, or nobody knows when, each queue's stand together", () => {
  const callers = [caller({ since: null, number: "1" }), caller({ since: null, number: "0" })];
  const office = desk({ queues: { sales: queue({ callers }) } });
  office.apply(change({ queues: { help: queue({ callers }) } }));
  const found = waitingCallers(office, ALL).map((entry) => entry.queue + entry.caller.number);
  assert.deepEqual(found, ["help1", "help0", "sales1", "sales0"]);
});

test("only the chosen queues' callers are shown", () => {
  const office = desk({
    queues: { sales: queue({ callers: [caller()] }), help: queue({ callers: [caller(), caller()] }) },
  });
  assert.deepEqual(
    waitingCallers(office, SALES).map((entry) => entry.queue),
    ["sales"],
  );
});

test("each caller has a key of their own, also where several hide their numbers", () => {
  const hidden = caller({ number: "anonymous", tel: null });
  const callers = [hidden, { ...hidden }, { ...hidden, since: ago(3) }];
  const found = waitingCallers(desk({ queues: { sales: queue({ callers }), help: queue({ callers }) } }), ALL);
  assert.equal(new Set(found.map(({ key }) => key)).size, 6);
});

test("a caller keeps key and object when the one before them is gone", () => {
  const [first, second] = [caller({ since: ago(9) }), caller({ number: "anonymous", since: ago(8) })];
  const office = desk({ queues: { sales: queue({ callers: [first, second] }) } });
  const before = waitingCallers(office, ALL)[1];
  office.apply(change({ queues: { sales: queue({ callers: [{ ...second }] }) } }));
  assert.deepEqual(
    waitingCallers(office, ALL).map((entry) => entry === before),
    [true],
  );
});

test("a caller whose priority has changed keeps the key, and is drawn again", () => {
  const office = desk({ queues: { sales: queue({ callers: [caller()] }) } });
  const [before] = waitingCallers(office, ALL);
  office.apply(change({ queues: { sales: queue({ callers: [caller({ priority: 2 })] }) } }));
  const [now] = waitingCallers(office, ALL);
  assert.equal(now.key, before.key);
  assert.notEqual(now, before);
});

test("agents stand by what they do, and by name within", () => {
  const agents = {
    1: agent({ name: "Zoe", state: "ringing" }),
    2: agent({ name: "Bo", state: null }),
    3: agent({ name: "Al", state: "unreachable" }),
    4: agent({ name: "Cy", state: "paused" }),
    5: agent({ name: "Élan", state: "available" }),
    6: agent({ name: "Eve", state: "available" }),
    7: agent({ name: "elle", state: "available" }),
    8: agent({ name: "Al", state: "on_call" }),
  };
  assert.deepEqual(ids(agentList(desk({ agents }), ALL)), ["1", "8", "5", "7", "6", "4", "3", "2"]);
});

test("an agent of several queues is shown once, for any of them", () => {
  const agents = { 1: agent({ queues: ["help", "sales"] }), 2: agent({ queues: ["help"] }), 3: agent({ queues: [] }) };
  assert.deepEqual(ids(agentList(desk({ agents }), SALES)), ["1"]);
  assert.deepEqual(ids(agentList(desk({ agents }), ALL)), ["1", "2", "3"]);
});

test("calls stand in the order in which they began, those of whom nobody knows last", () => {
  const calls = {
    a: call({ since: null }),
    b: call({ since: ago(5) }),
    c: call({ since: ago(50) }),
    d: call({ since: ago(5) }),
  };
  assert.deepEqual(ids(liveCalls(desk({ calls }), ALL)), ["c", "b", "d", "a"]);
});

test("with queues chosen, calls of no queue or of another one are left out", () => {
  const calls = { a: call({ queue: "sales" }), b: call({ queue: "help" }), c: call() };
  assert.deepEqual(ids(liveCalls(desk({ calls }), SALES)), ["a"]);
  assert.deepEqual(ids(liveCalls(desk({ calls }), ALL)), ["a", "b", "c"]);
});

test("the latest missed call comes first", () => {
  const rows = {
    a: missed({ last: ago(500) }),
    b: missed({ last: ago(50), queues: ["help", "sales"] }),
    c: missed({ last: ago(200), queues: ["help"] }),
  };
  assert.deepEqual(ids(missedCalls(desk({ missed: rows }), ALL)), ["b", "c", "a"]);
  assert.deepEqual(ids(missedCalls(desk({ missed: rows }), SALES)), ["b"]);
});

test("phones stand by name as people sort, numbers by their size", () => {
  const phones = {
    1: phone({ name: "Room 10" }),
    2: phone({ name: "Room 9" }),
    3: phone({ name: "Ángel" }),
    4: phone({ name: "bo" }),
  };
  assert.deepEqual(ids(phoneList(desk({ phones }), ALL, "")), ["3", "4", "2", "1"]);
});

for (const [search, found] of Object.entries({
  "": ["1", "2", "3"],
  "  ": ["1", "2", "3"],
  jose: ["1"],
  JOSÉ: ["1"],
  "nunez jo": ["1"],
  "Jose\u0301": ["1"],
  10: ["1", "3"],
  "front 10": ["3"],
  nobody: [],
  "jose 102": [],
})) {
  test(`searching the phones for "${search}" finds ${found.length}`, () => {
    const phones = {
      1: phone({ name: "José Núñez", extension: "101" }),
      2: phone({ name: "Lobby", extension: "220" }),
      3: phone({ name: "Reception front", extension: "310" }),
    };
    assert.deepEqual(ids(phoneList(desk({ phones }), ALL, search)).sort(), found);
  });
}

test("a phone that is renamed is found by its new name", () => {
  const office = desk({ phones: { 1: phone({ name: "Lobby" }) } });
  assert.equal(phoneList(office, ALL, "door").length, 0);
  office.apply(change({ phones: { 1: phone({ name: "Front door" }) } }));
  assert.equal(phoneList(office, ALL, "door").length, 1);
});

test("what the PBX does not answer is told by name", () => {
  const office = desk({
    health: {
      pbx: health({ name: "PBX" }),
      q: health({ name: "Queues", ok: false }),
      c: health({ name: "Calls", ok: false }),
    },
  });
  assert.deepEqual(ids(outages(office, ALL)), ["c", "q"]);
});

test("the queues to choose from are sorted by name", () => {
  const queues = { b: queue({ name: "Alpha" }), a: queue({ name: "Beta" }) };
  assert.deepEqual(queueChoices(desk({ queues })), [
    { value: "b", label: "Alpha" },
    { value: "a", label: "Beta" },
  ]);
});

test("a person is called by their phone's name, else by the agent's, else not at all", () => {
  const office = desk({
    phones: { 1: phone({ name: "Ann" }) },
    agents: { 1: agent({ name: "Ann A." }), 2: agent({ name: "Bo" }) },
  });
  assert.deepEqual(
    ["1", "2", "3", null].map((id) => userName(office, id)),
    ["Ann", "Bo", null, null],
  );
});

test("a list stays the same array while nothing in it changes", () => {
  const office = desk({
    queues: { sales: queue({ callers: [caller()] }), help: queue() },
    agents: { 1: agent(), 2: agent({ queues: ["help"] }) },
    phones: { 1: phone({ name: "Lobby" }), 2: phone() },
  });
  const lists = () => [waitingCallers(office, SALES), agentList(office, SALES), phoneList(office, SALES, "lobby")];
  const before = lists();
  office.apply(
    change({
      queues: { help: queue({ waiting: 1, callers: [caller()] }) },
      agents: { 2: agent({ queues: ["help"], state: "paused" }) },
      phones: { 2: phone({ state: "ringing" }) },
      calls: { a: call() },
    }),
  );
  lists().forEach((list, index) => assert.equal(list, before[index]));
});

test("other settings give another list at once", () => {
  const office = desk({ agents: { 1: agent(), 2: agent({ queues: ["help"] }) } });
  assert.deepEqual(
    [agentList(office, ALL).length, agentList(office, SALES).length, agentList(office, ALL).length],
    [2, 1, 2],
  );
});
