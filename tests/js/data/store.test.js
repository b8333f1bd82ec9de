/** Tests of the store: what a message changes in it, and what it does not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../../custom_components/dls_pbx/front_desk/www/data/store.js";
import { agent, call, caller, change, phone, queue, snapshot } from "../helpers/office.js";

/** @param {object} rows */
const copy = (rows) => structuredClone(rows);

test("a snapshot is all there is", () => {
  const desk = new Store();
  const changes = desk.apply(snapshot({ queues: { sales: queue() }, phones: { 101: phone(), 102: phone() } }));
  assert.deepEqual(changes, {
    tables: new Set(["queues", "phones"]),
    rows: { queues: new Set(["sales"]), phones: new Set(["101", "102"]) },
  });
  assert.deepEqual([...desk.phones.keys()], ["101", "102"]);
});

test("a change touches only the rows that it names", () => {
  const desk = new Store();
  desk.apply(snapshot({ phones: { 101: phone(), 102: phone() }, agents: { 101: agent() } }));
  const other = desk.phones.get("102");
  const changes = desk.apply(change({ phones: { 101: phone({ state: "ringing" }) } }));
  assert.deepEqual(changes, { tables: new Set(["phones"]), rows: { phones: new Set(["101"]) } });
  assert.equal(desk.phones.get("101")?.state, "ringing");
  assert.equal(desk.phones.get("102"), other);
});

test("null means that the row is gone", () => {
  const desk = new Store();
  desk.apply(snapshot({ calls: { a: call() } }));
  assert.deepEqual(desk.apply(change({ calls: { a: null } })).rows, { calls: new Set(["a"]) });
  assert.equal(desk.calls.size, 0);
  assert.deepEqual(desk.apply(change({ calls: { a: null } })).tables, new Set());
});

test("a row that comes again as it was is no change and stays the same object", () => {
  const desk = new Store();
  const first = snapshot({ queues: { sales: queue({ callers: [caller(), caller({ name: "Bo" })] }) } });
  desk.apply(first);
  const before = desk.queues.get("sales");
  const versions = { ...desk.versions };
  assert.deepEqual(desk.apply(/** @type {typeof first} */ (copy(first))), { tables: new Set(), rows: {} });
  assert.equal(desk.queues.get("sales"), before);
  assert.deepEqual(desk.versions, versions);
});

test("a difference deep in a row is a change", () => {
  const desk = new Store();
  desk.apply(snapshot({ queues: { sales: queue({ callers: [caller()] }) } }));
  const waiting = [[caller({ priority: 1 })], [], [caller(), caller()], [caller({ name: "" })]];
  for (const callers of waiting) {
    assert.equal(desk.apply(change({ queues: { sales: queue({ callers }) } })).tables.size, 1);
  }
});

test("what was nothing, a word or a list and is another of them is a change", () => {
  const desk = new Store();
  const values = [null, {}, "ab", ["a", "b"], null, "", 0, {}, null];
  for (const reason of values) {
    const row = agent({ pause_reason: /** @type {any} */ (reason) });
    assert.equal(desk.apply(change({ agents: { 101: row } })).tables.size, 1, JSON.stringify(reason));
  }
});

test("a later snapshot takes away what it does not have", () => {
  const desk = new Store();
  desk.apply(snapshot({ agents: { 101: agent(), 102: agent() }, calls: { a: call() } }));
  const changes = desk.apply(snapshot({ agents: { 102: agent() } }));
  assert.deepEqual(changes, {
    tables: new Set(["agents", "calls"]),
    rows: { agents: new Set(["101"]), calls: new Set(["a"]) },
  });
  assert.deepEqual([desk.agents.size, desk.calls.size], [1, 0]);
});

test("an extension may have any name", () => {
  const desk = new Store();
  desk.apply(
    JSON.parse(
      JSON.stringify(snapshot()).replace(
        '"phones":{}',
        '"phones":{"__proto__":{"name":"x"},"constructor":{"name":"y"}}',
      ),
    ),
  );
  assert.deepEqual([...desk.phones.keys()], ["__proto__", "constructor"]);
  assert.equal(desk.apply(snapshot()).rows.phones?.size, 2);
});
