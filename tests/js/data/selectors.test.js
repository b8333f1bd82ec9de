/** Tests of the selectors: what is shown, in which order, and that nothing is made anew without need. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";
import {
  agentsWithFigures,
  areQueuesUnknown,
  conversationList,
  faxList,
  isUnanswered,
  liveCalls,
  missedCalls,
  order,
  outages,
  userName,
  waitingCallers,
} from "../../../custom_components/dls_pbx/front_desk/www/data/selectors.js";
import {
  agent,
  ago,
  call,
  caller,
  change,
  conversation,
  desk,
  fax,
  health,
  missed,
  phone,
  queue,
} from "../helpers/office.js";

const ALL = settings({});
const SALES = settings({ queues: ["sales"] });

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

test("a question is unanswered while its own fails, while all fail, and while nobody has said anything", () => {
  const rows = { pbx: health(), queues: health(), calls: health(), users: health() };
  const failing = health({ ok: false });
  for (const [expected, states] of /** @type {[boolean, Partial<typeof rows>][]} */ ([
    [true, {}],
    [false, rows],
    [true, { ...rows, queues: failing }],
    [true, { ...rows, queues: failing, users: failing }],
    [false, { ...rows, users: failing }],
    [true, { ...rows, pbx: failing }],
  ])) {
    assert.equal(isUnanswered(desk({ health: states }), ALL, "queues", "calls"), expected, JSON.stringify(states));
    assert.equal(areQueuesUnknown(desk({ health: states }), ALL), true);
    assert.equal(areQueuesUnknown(desk({ health: states, queues: { sales: queue() } }), ALL), expected);
  }
});

test("less, more and as much are put in order", () => {
  assert.deepEqual([order(1, 2), order(2, 1), order(1, 1), order("a", "b"), order("b", "a")], [-1, 1, 0, -1, 1]);
});

test("a list follows rows that come, go, change and are no longer of a chosen queue", () => {
  const calls = { a: call({ queue: "sales" }), b: call({ queue: "sales" }), c: call({ queue: "sales" }) };
  const office = desk({ calls: { ...calls, d: call({ queue: "sales", since: ago(1) }) } });
  const before = liveCalls(office, SALES);
  const ringing = call({ queue: "sales", status: "ringing" });
  const later = call({ queue: "sales", since: ago(0) });
  office.apply(change({ calls: { a: ringing, b: null, c: call({ queue: "help" }), e: later } }));
  const now = liveCalls(office, SALES);
  assert.deepEqual(ids(now), ["a", "d", "e"]);
  assert.deepEqual([now[0][1].status, now[1] === before[3]], ["ringing", true]);
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

test("faxes that wait come before those that are over, and of these the latest first", () => {
  const faxes = {
    a: fax({ status: "sent", time: ago(500) }),
    b: fax({ status: "failed", time: ago(50) }),
    c: fax({ status: "processing", time: ago(900) }),
    d: fax({ status: "queued", time: ago(950) }),
    e: fax({ status: "received", time: ago(10) }),
  };
  assert.deepEqual(ids(faxList(desk({ faxes }), ALL)), ["c", "d", "e", "b", "a"]);
});

test("the newest conversation comes first, and one of which nobody knows when it was last", () => {
  const conversations = {
    a: conversation({ last: { direction: "inbound", text: "", time: ago(500), status: null } }),
    b: conversation({ last: { direction: "inbound", text: "", time: ago(50), status: null } }),
  };
  assert.deepEqual(ids(conversationList(desk({ conversations }), ALL)), ["b", "a"]);
});

test("only agents of whose day somebody wants to know have figures", () => {
  const agents = { 1: agent({ answered_today: 0 }), 2: agent(), 3: agent({ answered_today: 3, queues: ["help"] }) };
  assert.deepEqual(ids(agentsWithFigures(desk({ agents }), ALL)), ["1", "3"]);
  assert.deepEqual(ids(agentsWithFigures(desk({ agents }), SALES)), ["1"]);
});

test("a list stays the same array while nothing in it changes", () => {
  const office = desk({
    queues: { sales: queue({ callers: [caller()] }), help: queue() },
    agents: { 1: agent({ answered_today: 1 }), 2: agent({ queues: ["help"] }) },
  });
  const lists = () => [waitingCallers(office, SALES), agentsWithFigures(office, SALES)];
  const before = lists();
  office.apply(
    change({
      queues: { help: queue({ waiting: 1, callers: [caller()] }) },
      agents: { 2: agent({ queues: ["help"], state: "paused" }) },
      calls: { a: call() },
    }),
  );
  lists().forEach((list, index) => assert.equal(list, before[index]));
});
