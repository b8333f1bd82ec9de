/** Export of all calls that the filters let through, as a file. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { LoggedCall } from "../data/records-types.js" */
/** @import { Days, Zone } from "./days.js" */

import { callsAsCsv } from "./csv.js";
import { dayAndTime } from "./days.js";

/** @typedef {(before: string|undefined, limit: number) => Promise<{rows: LoggedCall[], more: boolean, reached?: string|null}>} AskCalls */

const PAGE = 500;
/** Calls: a spreadsheet of more is of little use, and the PBX has other things to do. */
export const MOST = 10_000;

/**
 * All calls, newest first, and whether there are more than we read.
 * @type {(ask: AskCalls, onRead: (count: number) => void, isWanted: () => boolean) => Promise<{calls: LoggedCall[], isCut: boolean}>}
 */
export async function readAll(ask, onRead, isWanted) {
  /** @type {Map<string, LoggedCall>} */
  const calls = new Map();
  /** @type {string|undefined} */ let before;
  for (;;) {
    const { rows, more, reached } = await ask(before, PAGE);
    for (const row of rows) calls.set(row.id, row);
    onRead(calls.size);
    const until = reached ?? rows[rows.length - 1]?.time;
    const isStuck = until === undefined || until === before;
    if (!more || isStuck || calls.size >= MOST || !isWanted())
      return { calls: [...calls.values()].slice(0, MOST), isCut: more || calls.size > MOST };
    before = until;
  }
}

/** @type {(days: Days, now: number, zone: Zone) => string} */
export function fileName({ from, to }, now, zone) {
  const [today] = dayAndTime(now, zone);
  const last = to || today;
  return `calls-${from === last ? last : `${from ? `${from}-` : ""}to-${last}`}.csv`;
}

/** @type {(calls: readonly LoggedCall[], t: Translate, zone: Zone, queueName: (id: string) => string, name: string) => void} */
export function save(calls, t, zone, queueName, name) {
  const file = new Blob([callsAsCsv(calls, t, zone, queueName)], { type: "text/csv;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
