/** Tests of the file of calls: spreadsheets open it, and take nothing in it for a formula. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { callsAsCsv, cell, csv } from "../../../custom_components/dls_pbx/front_desk/www/call_log/csv.js";
import { MOST, fileName, readAll } from "../../../custom_components/dls_pbx/front_desk/www/call_log/export.js";
import { talkTime } from "../../../custom_components/dls_pbx/front_desk/www/call_log/talk-time.js";
import { NOON, call, zone } from "../helpers/records.js";

/** @typedef {import("../../../custom_components/dls_pbx/front_desk/www/data/records-types.js").LoggedCall} LoggedCall */

const BOM = "\ufeff";

test("what a caller calls themselves is no formula", () => {
  const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1"];
  for (const name of formulas) assert.match(cell(name), /^"?'/, name);
  assert.equal(cell('=HYPERLINK("http://evil.example")'), '"\'=HYPERLINK(""http://evil.example"")"');
});

test("a name is written as it is, with its quotes, commas and lines", () => {
  assert.equal(cell("O'Neil"), "O'Neil");
  assert.equal(cell('The "Corner" Shop'), '"The ""Corner"" Shop"');
  assert.equal(cell("Murphy, Sons"), '"Murphy, Sons"');
  assert.equal(cell("two\nlines"), '"two\nlines"');
  assert.equal(cell("Café; Olé"), '"Café; Olé"');
});

test("what nobody knows is empty, and a duration is a number", () => {
  assert.deepEqual([cell(null), cell(0), cell(-1), cell("")], ["", "0", "-1", ""]);
});

test("phone numbers stay readable, also those from abroad", () => {
  assert.equal(cell("(815) 555-0123"), "(815) 555-0123");
  assert.equal(cell("+44 20 7946 0123"), "'+44 20 7946 0123");
});

test("the file says that it is UTF-8, and its lines end as everywhere", () => {
  assert.equal(
    csv([
      ["a", "ü"],
      [1, null],
    ]),
    `${BOM}a,ü\r\n1,\r\n`,
  );
});

test("each call is a line in the user's zone and words", () => {
  const calls = [call({ time: "2026-11-24T05:30:00+00:00", queues: ["q1", "q2"], name: "=cmd|x" })];
  const t = (/** @type {string} */ key) => key;
  const text = callsAsCsv(calls, t, zone("America/Chicago"), (id) => id.toUpperCase());
  const [head, line, end] = text.slice(BOM.length).split("\r\n");
  assert.equal(
    head,
    "column_date,column_time,column_direction,column_name,column_number,column_own_number,column_queue,column_extension," +
      "column_agent,column_wait,column_talk,column_outcome,column_recording",
  );
  assert.equal(
    line,
    '2026-11-23,23:30:00,call_inbound,\'=cmd|x,(815) 555-0123,(847) 555-0100,"Q1, Q2",630,Tom,5,55,outcome_answered,',
  );
  assert.equal(end, "");
});

test("who waited did not talk all the time", () => {
  assert.equal(talkTime(call({ wait: 20, duration: 80 })), 60);
  assert.equal(talkTime(call({ wait: null, duration: 80 })), 80);
  assert.equal(talkTime(call({ wait: 90, duration: 80 })), 0);
  assert.equal(talkTime(call({ outcome: "voicemail" })), null);
});

test("a call that nobody answered has no talk", () => {
  const t = (/** @type {string} */ key) => key;
  const text = callsAsCsv([call({ outcome: "abandoned", duration: 200 })], t, zone(), String);
  assert.match(text, /,5,,outcome_abandoned,/);
});

test("the file's name has its dates", () => {
  const name = (/** @type {string} */ from, /** @type {string} */ to) => fileName({ from, to }, NOON, zone());
  assert.equal(name("2026-11-20", "2026-11-22"), "calls-2026-11-20-to-2026-11-22.csv");
  assert.equal(name("2026-11-24", "2026-11-24"), "calls-2026-11-24.csv");
  assert.equal(name("2026-11-20", ""), "calls-2026-11-20-to-2026-11-24.csv");
  assert.equal(name("", ""), "calls-to-2026-11-24.csv");
});

/**
 * A PBX with so many calls, one a second, two of which share each second.
 * @param {number} count
 */
function pbx(count) {
  const all = Array.from({ length: count }, (_, index) =>
    call({ id: String(index), time: new Date(NOON - Math.floor(index / 2) * 1000).toISOString() }),
  );
  /** @type {string[]} */ const asked = [];
  /** @type {(before: string|undefined, limit: number) => Promise<{rows: LoggedCall[], more: boolean}>} */
  const ask = async (before, limit) => {
    asked.push(before ?? "");
    const older = all.filter(({ time }) => !before || time <= before);
    return { rows: older.slice(0, limit), more: older.length > limit };
  };
  return { all, asked, ask };
}

test("an export has every call once, however many pages they are", async () => {
  const { all, asked, ask } = pbx(1203);
  const { calls, isCut } = await readAll(
    ask,
    () => {},
    () => true,
  );
  assert.deepEqual(
    calls.map(({ id }) => id),
    all.map(({ id }) => id),
  );
  assert.equal(isCut, false);
  assert.equal(asked.length, 3);
});

test("an export of years stops, and says so", async () => {
  const { ask } = pbx(MOST + 700);
  const { calls, isCut } = await readAll(
    ask,
    () => {},
    () => true,
  );
  assert.deepEqual([calls.length, isCut], [MOST, true]);
});

test("an export that nobody waits for asks no more", async () => {
  const { asked, ask } = pbx(5000);
  await readAll(
    ask,
    () => {},
    () => false,
  );
  assert.equal(asked.length, 1);
});

test("an export does not ask for the same page for ever", async () => {
  const { calls, isCut } = await readAll(
    async () => ({ rows: [call()], more: true }),
    () => {},
    () => true,
  );
  assert.deepEqual([calls.length, isCut], [1, true]);
});
