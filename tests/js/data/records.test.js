/** Tests of records that come a page at a time: each once, in order, and never those of an older question. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Records, merged } from "../../../custom_components/dls_pbx/front_desk/www/data/records.js";

/** @typedef {{id: string, time: string|null, text?: string}} Row */

/** @type {(id: number, time?: string|null, text?: string) => Row} */
const row = (id, time = `2026-11-24T12:00:${String(id).padStart(2, "0")}Z`, text) => ({ id: String(id), time, text });

/** @type {(records: {rows: readonly Row[]}) => string} */
const ids = ({ rows }) => rows.map(({ id }) => id).join(" ");

/** Questions that are answered when the test says so. */
function desk() {
  /** @type {{before?: string, answer: (rows: Row[], more?: boolean, reached?: string) => Promise<void>, fail: (code: string) => Promise<void>}[]} */
  const asked = [];
  /** @type {(before?: string) => Promise<{rows: Row[], more: boolean, reached?: string}>} */
  const ask = (before) =>
    new Promise((resolve, reject) => {
      const heard = () => new Promise((/** @type {(value?: any) => void} */ done) => setImmediate(done));
      asked.push({
        before,
        answer: (rows, more = false, reached) => (resolve({ rows, more, reached }), heard()),
        fail: (code) => (reject({ code, message: code }), heard()),
      });
    });
  let changes = 0;
  /** @type {Records<Row>} */ const records = new Records(
    ({ time }) => time,
    () => (changes += 1),
  );
  return { records, asked, ask, changes: () => changes };
}

test("pages come one after the other, and each is asked for once", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(3), row(2)], true);
  records.next();
  records.next();
  assert.equal(asked.length, 2);
  assert.equal(asked[1].before, row(2).time);
  await asked[1].answer([row(2), row(1)]);
  assert.equal(ids(records), "3 2 1");
  assert.equal(records.more, false);
  records.next();
  assert.equal(asked.length, 2);
});

test("rows of the same second are known by their ids", async () => {
  const { records, asked, ask } = desk();
  const second = row(1).time;
  records.restart(ask);
  await asked[0].answer([row(9, second), row(8, second)], true);
  records.next();
  await asked[1].answer([row(9, second), row(8, second), row(7, second)]);
  assert.equal(ids(records), "9 8 7");
});

test("an answer that was overtaken is dropped", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  records.restart(ask);
  await asked[1].answer([row(2)]);
  await asked[0].answer([row(1)]);
  assert.equal(ids(records), "2");
  assert.equal(records.isLoading, false);
});

test("what was found stays until the new answer is there", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(1)]);
  records.restart(ask);
  assert.deepEqual([ids(records), records.isLoading], ["1", true]);
  await asked[1].answer([]);
  assert.equal(ids(records), "");
});

test("what failed is told, and asked for again it comes", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].fail("pbx_error");
  assert.equal(records.error?.code, "pbx_error");
  records.restart();
  assert.equal(records.error, undefined);
  await asked[1].answer([row(1)]);
  assert.equal(ids(records), "1");
});

test("where a page fails, the ones before it stay", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(2)], true);
  records.next();
  await asked[1].fail("pbx_error");
  assert.deepEqual([ids(records), records.more], ["2", true]);
});

test("a page that brings nothing new is not asked for again and again", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(2)], true);
  records.next();
  await asked[1].answer([row(2)], true);
  assert.deepEqual([records.more, records.isCut], [false, true]);
});

test("where nothing was found so far, one goes on from how far was looked", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([], true, "2026-11-20T00:00:00Z");
  assert.deepEqual([records.more, records.isCut], [true, true]);
  records.next();
  assert.equal(asked[1].before, "2026-11-20T00:00:00Z");
  await asked[1].answer([row(1)], true, "2026-11-19T00:00:00Z");
  assert.deepEqual([ids(records), records.more, records.isCut], ["1", true, false]);
  records.next();
  await asked[2].answer([], true, "2026-11-19T00:00:00Z");
  assert.deepEqual([records.more, records.isCut], [false, true]);
});

test("news are put where they belong, and what is unchanged stays the same object", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  const [second, first] = [row(2), row(1)];
  await asked[0].answer([second, first], true);
  records.refresh();
  await asked[1].answer([row(3), row(2), row(1, row(1).time, "changed")]);
  assert.equal(ids(records), "3 2 1");
  assert.equal(records.rows[1], second);
  assert.equal(records.rows[2].text, "changed");
  assert.equal(records.more, true);
});

for (const times of [2, 3, 4]) {
  test(`news asked for ${times} times while others are on their way are asked for once more`, async () => {
    const { records, asked, ask } = desk();
    records.restart(ask);
    await asked[0].answer([row(1)]);
    for (let time = 0; time < times; time += 1) records.refresh();
    assert.equal(asked.length, 2);
    await asked[1].answer([row(2), row(1)]);
    await asked[2].answer([row(3), row(2), row(1)]);
    assert.deepEqual([ids(records), asked.length], ["3 2 1", 3]);
  });
}

test("news that do not reach what is known leave no gap", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(2), row(1)]);
  records.refresh();
  await asked[1].answer([row(9), row(8)], true);
  assert.deepEqual([ids(records), records.more], ["9 8", true]);
});

test("who has gone away is told nothing", async () => {
  const { records, asked, ask, changes } = desk();
  records.restart(ask);
  const before = changes();
  records.stop();
  await asked[0].answer([row(1)]);
  assert.equal(changes(), before);
});

test("who has gone away is told nothing of what was overtaken either", async () => {
  const { records, asked, ask, changes } = desk();
  records.restart(ask);
  records.restart(ask);
  const before = changes();
  records.stop();
  await asked[0].answer([row(1)]);
  await asked[1].answer([row(2)]);
  assert.equal(changes(), before);
});

test("of one second, the later id is the newer one, and what has no time is oldest", () => {
  const second = row(1).time;
  const rows = [row(5, null), row(9, second), row(10, second), row(11, second), row(2)];
  for (const sent of [rows, [...rows].reverse()]) {
    const all = merged([], sent, ({ time }) => time);
    assert.deepEqual(
      all.map(({ id }) => id),
      ["2", "11", "10", "9", "5"],
    );
  }
});

test("before anything was asked there is nothing, and nothing is on its way", () => {
  const { records, asked } = desk();
  records.refresh();
  records.next();
  assert.deepEqual([records.rows, records.more, records.isCut, records.isLoading], [[], false, false, false]);
  assert.equal(asked.length, 0);
});

test("each step is shown: that one waits, and what came of it", async () => {
  const { records, asked, ask, changes } = desk();
  records.restart(ask);
  assert.equal(changes(), 1);
  await asked[0].answer([row(1)]);
  assert.equal(changes(), 2);
  records.refresh();
  await asked[1].answer([row(2), row(1)]);
  assert.equal(changes(), 3);
});

test("the page after one that ends in a row without a time begins at the last that has one", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(3), row(1, null)], true);
  records.next();
  assert.equal(asked[1].before, row(3).time);
});

test("another question that fails shows none of the answers to the one before", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(1)]);
  records.restart(ask);
  await asked[1].fail("pbx_error");
  assert.deepEqual(records.rows, []);
});

test("a failure that was overtaken is dropped", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  records.restart(ask);
  await asked[1].answer([row(2)]);
  await asked[0].fail("pbx_error");
  assert.deepEqual([ids(records), records.error], ["2", undefined]);
});

test("news that were overtaken by another question are dropped", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(1)]);
  records.refresh();
  records.restart(ask);
  await asked[2].answer([row(5)]);
  await asked[1].answer([row(2), row(1)]);
  assert.equal(ids(records), "5");
});

test("news that fail change nothing, and can be asked for again", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(1)]);
  records.refresh();
  await asked[1].fail("pbx_error");
  assert.deepEqual([ids(records), records.error], ["1", undefined]);
  records.refresh();
  await asked[2].answer([row(2), row(1)]);
  assert.equal(ids(records), "2 1");
});

test("a few news on a full page leave what is older where it was", async () => {
  const { records, asked, ask } = desk();
  records.restart(ask);
  await asked[0].answer([row(3), row(2), row(1)]);
  records.refresh();
  await asked[1].answer([row(4), row(3)], true);
  assert.equal(ids(records), "4 3 2 1");
  records.refresh();
  await asked[2].answer([row(5)]);
  assert.equal(ids(records), "5 4 3 2 1");
  records.refresh();
  await asked[3].answer([], true);
  assert.equal(ids(records), "5 4 3 2 1");
});
