/** Calls as a CSV file that any spreadsheet reads: nothing in it is taken for a formula. */

/** @import { LoggedCall } from "../data/records-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Zone } from "./days.js" */

import { dayAndTime } from "./days.js";
import { talkTime } from "./talk-time.js";

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** Spreadsheets read UTF-8 only where the file says so. */
const UTF_8 = "\ufeff";

/** @type {readonly string[]} */
const COLUMNS = [
  "date",
  "time",
  "direction",
  "name",
  "number",
  "own_number",
  "queue",
  "extension",
  "agent",
  "wait",
  "talk",
  "outcome",
  "recording",
];

/** @type {(value: string|number|null) => string} */
export function cell(value) {
  const text = value === null ? "" : String(value);
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** @type {(rows: (string|number|null)[][]) => string} */
export const csv = (rows) => UTF_8 + rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

/**
 * A line of headings, and one for each call; durations in seconds.
 * @type {(calls: readonly LoggedCall[], t: Translate, zone: Zone, queueName: (id: string) => string) => string}
 */
export function callsAsCsv(calls, t, zone, queueName) {
  const lines = calls.map((call) => [
    ...dayAndTime(Date.parse(call.time), zone),
    t(`call_${call.direction}`),
    call.name,
    call.number,
    call.own_number,
    call.queues.map(queueName).join(", "),
    call.extension,
    call.agent,
    call.wait,
    talkTime(call),
    call.outcome ? t(`outcome_${call.outcome}`) : "",
    call.recording,
  ]);
  return csv([COLUMNS.map((name) => t(`column_${name}`)), ...lines]);
}
