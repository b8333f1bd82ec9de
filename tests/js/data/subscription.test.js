/** Tests of the subscription over a line that is cut, and with a Home Assistant that refuses. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Subscription } from "../../../custom_components/dls_pbx/front_desk/www/data/subscription.js";
import { Backend, Clock, settled } from "../helpers/backend.js";
import { change, phone, snapshot } from "../helpers/office.js";

/** @import { Change, Snapshot } from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js" */

const UNKNOWN_COMMAND = { code: "unknown_command", message: "Unknown command." };
const NOT_FOUND = { code: "not_found", message: "No such PBX" };
const UNAUTHORIZED = { code: "unauthorized", message: "Unauthorized" };

/** @param {string} [entryId] */
async function watching(entryId) {
  const backend = new Backend();
  const clock = new Clock();
  /** @type {(Snapshot|Change)[]} */
  const messages = [];
  /** @type {[string, number, string?][]} */
  const states = [];
  const desk = new Subscription(
    backend.connection,
    entryId,
    (message) => messages.push(message),
    (state, since, error) => states.push(error ? [state, since, error.code] : [state, since]),
    clock,
  );
  desk.start();
  await settled();
  return { backend, clock, messages, states, desk };
}

/** One that has its snapshot. */
async function live() {
  const all = await watching();
  const id = all.backend.subscription();
  await all.backend.accept(id);
  all.backend.event(id, snapshot());
  return { ...all, id };
}

/** @param {Backend} backend */
function listeners(backend) {
  return [...backend.connection.eventListeners.values()].flat().length;
}

test("it asks for one PBX where it is told which", async () => {
  const { backend } = await watching("abc");
  assert.deepEqual(
    backend.take().map(({ id: _, ...rest }) => rest),
    [{ type: "dls_pbx/subscribe", config_entry_id: "abc" }],
  );
});

test("it asks for the only PBX where it is not told which", async () => {
  const { backend } = await watching();
  assert.deepEqual(
    backend.take().map(({ id: _, ...rest }) => rest),
    [{ type: "dls_pbx/subscribe" }],
  );
});

test("it is connecting until the snapshot is there, and live from then on", async () => {
  const { backend, clock, messages, states } = await watching();
  const id = backend.subscription();
  await backend.accept(id);
  assert.deepEqual(states, [["connecting", 0]]);
  clock.time = 40;
  backend.event(id, snapshot());
  clock.time = 50;
  backend.event(id, change({ phones: { 101: phone() } }));
  assert.deepEqual(states, [
    ["connecting", 0],
    ["live", 40],
  ]);
  assert.deepEqual(
    messages.map(({ type }) => type),
    ["snapshot", "change"],
  );
});

test("starting twice subscribes once", async () => {
  const { backend, desk } = await live();
  desk.start();
  await settled();
  assert.deepEqual(backend.take(), []);
});

test("when the line is cut the rows are stale from that moment, and live again with the next snapshot", async () => {
  const { backend, clock, states } = await live();
  clock.time = 1000;
  backend.cut();
  clock.time = 2000;
  await backend.ready();
  const id = backend.subscription();
  await backend.accept(id);
  assert.deepEqual(states.slice(2), [["stale", 1000]]);
  backend.event(id, snapshot());
  assert.deepEqual(states.slice(2), [
    ["stale", 1000],
    ["live", 2000],
  ]);
});

test("while Home Assistant starts the command is asked for again, and the rows stay stale since the cut", async () => {
  const { backend, clock, states } = await live();
  clock.time = 1000;
  await backend.restart();
  clock.time = 1500;
  await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
  await clock.next();
  await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
  await clock.next();
  const id = backend.subscription();
  await backend.accept(id);
  backend.event(id, snapshot());
  assert.deepEqual(states.slice(2), [
    ["stale", 1000],
    ["stale", 1000, "unknown_command"],
    ["live", 4500],
  ]);
});

test("pauses grow from a second to half a minute, and begin anew after a reconnect", async () => {
  const { backend, clock } = await watching();
  const pauses = [];
  for (let turn = 0; turn < 7; turn += 1) {
    await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
    pauses.push(await clock.next());
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  backend.take();
  await backend.restart();
  await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
  assert.equal(await clock.next(), 1000);
});

test("what was never live does not become stale while Home Assistant starts", async () => {
  const { backend, states } = await watching();
  await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
  assert.deepEqual(states, [
    ["connecting", 0],
    ["connecting", 0, "unknown_command"],
  ]);
});

test("nothing is asked over a line that is cut", async () => {
  const { backend, clock } = await watching();
  await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
  backend.cut();
  assert.equal(clock.timers.size, 0);
});

test("in a browser it goes by the browser's clock, and leaves no timer there either", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 5_000 });
  try {
    const backend = new Backend();
    /** @type {[string, number][]} */
    const states = [];
    const onFreshness = (/** @type {string} */ state, /** @type {number} */ since) => states.push([state, since]);
    const desk = new Subscription(backend.connection, undefined, () => {}, onFreshness);
    desk.start();
    await settled();
    for (const milliseconds of [1_000, 2_000]) {
      await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
      mock.timers.tick(milliseconds - 1);
      assert.deepEqual(backend.take(), []);
      mock.timers.tick(1);
      await settled();
    }
    await backend.refuse(backend.subscription(), NOT_FOUND);
    desk.stop();
    mock.timers.runAll();
    await settled();
    assert.deepEqual(backend.take(), []);
    assert.deepEqual(
      [states[0], states.at(-1)],
      [
        ["connecting", 5_000],
        ["refused", 8_000],
      ],
    );
  } finally {
    mock.timers.reset();
  }
});

test("a PBX that is not there is refused, and asked for again since it may come", async () => {
  const { backend, clock, states } = await watching();
  await backend.refuse(backend.subscription(), NOT_FOUND);
  await clock.next();
  await backend.refuse(backend.subscription(), NOT_FOUND);
  await clock.next();
  const id = backend.subscription();
  await backend.accept(id);
  backend.event(id, snapshot());
  assert.deepEqual(states, [
    ["connecting", 0],
    ["refused", 0, "not_found"],
    ["live", 3000],
  ]);
});

test("who may not see the PBX is not asked for again before the next reconnect", async () => {
  const { backend, clock, states } = await watching();
  await backend.refuse(backend.subscription(), UNAUTHORIZED);
  assert.equal(clock.timers.size, 0);
  await backend.restart();
  backend.subscription();
  assert.deepEqual(states, [
    ["connecting", 0],
    ["refused", 0, "unauthorized"],
  ]);
});

test("started without a connection, it subscribes when there is one", async () => {
  const backend = new Backend();
  backend.cut();
  /** @type {string[]} */
  const states = [];
  new Subscription(
    backend.connection,
    undefined,
    () => {},
    (state) => states.push(state),
    new Clock(),
  ).start();
  await settled();
  assert.deepEqual([backend.take(), states, backend.connection.commands.size], [[], ["connecting"], 0]);
  await backend.ready();
  backend.subscription();
});

test("a line that is cut before the answer costs nothing but time", async () => {
  const { backend, clock, states } = await watching();
  backend.subscription();
  await backend.restart();
  const id = backend.subscription();
  await backend.accept(id);
  backend.event(id, snapshot());
  assert.deepEqual(
    states.map(([state]) => state),
    ["connecting", "live"],
  );
  assert.equal(clock.timers.size, 0);
});

test("stopping ends the subscription and leaves no listener, no timer and no command behind", async () => {
  const { backend, clock, desk, id, messages } = await live();
  desk.stop();
  const [command, ...more] = backend.take();
  assert.deepEqual([command.type, command.subscription, more], ["unsubscribe_events", id, []]);
  await backend.accept(command.id);
  assert.deepEqual([listeners(backend), clock.timers.size, backend.connection.commands.size], [0, 0, 0]);
  assert.equal(messages.length, 1);
});

test("stopping between two attempts leaves no timer", async () => {
  const { backend, clock, desk } = await watching();
  await backend.refuse(backend.subscription(), UNKNOWN_COMMAND);
  assert.equal(clock.timers.size, 1);
  desk.stop();
  assert.deepEqual([clock.timers.size, listeners(backend), backend.take()], [0, 0, []]);
});

test("an answer after stopping is unsubscribed, and what it brings is not heard", async () => {
  const { backend, desk, messages, states } = await watching();
  const id = backend.subscription();
  desk.stop();
  backend.event(id, snapshot());
  await backend.accept(id);
  assert.deepEqual(
    backend.take().map(({ type, subscription }) => [type, subscription]),
    [["unsubscribe_events", id]],
  );
  assert.deepEqual([messages, states], [[], [["connecting", 0]]]);
});

test("a refusal after stopping is not retried", async () => {
  const { backend, clock, desk, states } = await watching();
  const id = backend.subscription();
  desk.stop();
  await backend.refuse(id, NOT_FOUND);
  assert.deepEqual([clock.timers.size, states.length], [0, 1]);
});

test("a card that is moved within the page has one subscription in the end", async () => {
  const { backend, desk, states } = await watching();
  const first = backend.subscription();
  desk.stop();
  desk.start();
  await settled();
  const second = backend.subscription();
  await backend.accept(first);
  await backend.accept(second);
  backend.event(second, snapshot());
  assert.deepEqual(
    backend.take().map(({ type, subscription }) => [type, subscription]),
    [["unsubscribe_events", first]],
  );
  assert.deepEqual(
    states.map(([state]) => state),
    ["connecting", "connecting", "live"],
  );
});

test("what was subscribed on a line that is gone is not unsubscribed on the next one", async () => {
  const { backend, desk } = await live();
  await backend.restart();
  backend.subscription();
  desk.stop();
  assert.deepEqual(backend.take(), []);
});

test("stopping without a line sends nothing, then or later", async () => {
  const { backend, desk } = await live();
  backend.cut();
  desk.stop();
  await backend.ready();
  assert.deepEqual(backend.take(), []);
});
