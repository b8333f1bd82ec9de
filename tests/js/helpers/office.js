/** Rows of a made-up office, for all tests of the front desk. */

/**
 * @import { Agent, Call, Caller, Change, Conversation, Fax, Health, Missed, Phone, Queue, Rows, Snapshot }
 *   from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js"
 */

import { Store } from "../../../custom_components/dls_pbx/front_desk/www/data/store.js";

export const NOW = Date.parse("2026-11-24T12:00:00Z");

/** @type {(seconds: number) => string} when that was, counted back from NOW */
export const ago = (seconds) => new Date(NOW - seconds * 1000).toISOString();

/** @type {(fields?: Partial<Caller>) => Caller} */
export const caller = (fields) => ({
  number: "(815) 555-0100",
  tel: "+18155550100",
  name: null,
  vip: false,
  priority: null,
  since: ago(10),
  ...fields,
});

/** @type {(fields?: Partial<Queue>) => Queue} */
export const queue = (fields) => ({
  name: "Sales",
  waiting: 0,
  waiting_since: null,
  callers: [],
  agents_logged_in: 0,
  agents_available: 0,
  agents_on_call: 0,
  agents_paused: 0,
  service_level: null,
  service_level_goal: 80,
  calls_today: 0,
  missed_calls_today: 0,
  abandoned_calls_today: 0,
  device_id: null,
  ...fields,
});

/** @type {(fields?: Partial<Agent>) => Agent} */
export const agent = (fields) => ({
  name: "Ann",
  extension: "101",
  state: "available",
  queues: ["sales"],
  paused: false,
  pause_reason: null,
  paused_since: null,
  since: null,
  answered: null,
  connected_to: null,
  answered_today: null,
  missed_today: null,
  talk_today: null,
  last_call: null,
  ...fields,
});

/** @type {(fields?: Partial<Call>) => Call} */
export const call = (fields) => ({
  direction: "inbound",
  status: "connected",
  since: ago(60),
  answered: null,
  number: "(815) 555-0100",
  tel: "+18155550100",
  name: null,
  vip: false,
  queue: null,
  caller: null,
  callee: null,
  ...fields,
});

/** @type {(fields?: Partial<Phone>) => Phone} */
export const phone = (fields) => ({
  name: "Ann",
  extension: "101",
  tenant: "Office",
  state: "idle",
  registered: true,
  voicemail_new: 0,
  device_id: null,
  ...fields,
});

/** @type {(fields?: Partial<Missed>) => Missed} */
export const missed = (fields) => ({
  number: "(815) 555-0100",
  tel: "+18155550100",
  name: null,
  vip: false,
  first: ago(600),
  last: ago(600),
  calls: 1,
  queues: [],
  voicemail: false,
  note: null,
  owner: null,
  texted: null,
  ...fields,
});

/** @type {(fields?: Partial<Conversation>) => Conversation} */
export const conversation = (fields) => ({
  id: "+18155550100",
  number: "(815) 555-0100",
  tel: "+18155550100",
  name: null,
  vip: false,
  own_number: null,
  last: { direction: "inbound", text: "Hello", time: ago(60), status: null },
  unanswered: true,
  opted_out: false,
  ...fields,
});

/** @type {(fields?: Partial<Fax>) => Fax} */
export const fax = (fields) => ({
  to: "(815) 555-0100",
  from: "101",
  status: "queued",
  page: null,
  attempt: null,
  next_retry: null,
  time: null,
  tel: "+18155550100",
  name: null,
  ...fields,
});

/** @type {(fields?: Partial<Health>) => Health} */
export const health = (fields) => ({ name: "Queues", ok: true, since: ago(1), refused: false, ...fields });

/** @type {(rows?: Partial<Rows>) => Snapshot} */
export const snapshot = (rows) => ({
  type: "snapshot",
  now: ago(0),
  queues: {},
  agents: {},
  calls: {},
  phones: {},
  missed: {},
  conversations: {},
  faxes: {},
  health: {},
  ...rows,
});

/** What a desk knows that was sent these rows. @param {Partial<Rows>} rows */
export function desk(rows) {
  const found = new Store();
  found.apply(snapshot(rows));
  return found;
}

/** @type {(rows: Omit<Change, "type">) => Change} */
export const change = (rows) => ({ type: "change", ...rows });

/**
 * A random source that gives the same numbers in every run.
 * @param {number} seed
 * @returns {(below: number) => number} whole numbers
 */
export function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
