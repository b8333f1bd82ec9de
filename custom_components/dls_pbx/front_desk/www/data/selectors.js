/**
 * What the front desk shows, without a DOM. A list whose rows did not change stays the same array, and an entry whose
 * row did not change the same object.
 */

/** @import { Entry, Settings, Table, Waiting } from "./model-types.js" */
/** @import { Agent, Call, Caller, Health, Missed, Phone, Queue } from "./subscribe-types.js" */

import { Desk, equal } from "./store.js";
import { chosen } from "../card/settings.js";

export { Desk };
export { DEFAULTS, SECTIONS, settings } from "../card/settings.js";
export { strip, waitLevel } from "./status-strip-figures.js";

/**
 * A selector that looks again only when one of its tables has changed.
 * @template Answer, [Extra=void]
 * @param {readonly Table[]} tables what it reads
 * @param {(desk: Desk, settings: Settings, before: readonly Answer[], extra: Extra) => readonly Answer[]} select
 * @returns {(desk: Desk, settings: Settings, extra: Extra) => readonly Answer[]}
 */
function remembering(tables, select) {
  /** @type {WeakMap<Desk, {version: number, settings: Settings, extra: Extra, answer: readonly Answer[]}>} */
  const memory = new WeakMap();
  return (desk, settings, extra) => {
    const last = memory.get(desk);
    // Versions only grow: their sum stays where all of them do.
    const version = tables.reduce((sum, table) => sum + desk.versions[table], 0);
    if (last?.version === version && last.settings === settings && last.extra === extra) return last.answer;
    const before = last?.answer ?? [];
    const now = select(desk, settings, before, extra);
    const answer = before.length === now.length && before.every((item, index) => item === now[index]) ? before : now;
    memory.set(desk, { version, settings, extra, answer });
    return answer;
  };
}

/**
 * Selects the wanted rows of a table, in order. Sorting begins from the order of last time, which is nearly right: that
 * costs about one comparison a row.
 * @template Row
 * @param {Table} table
 * @param {(settings: Settings, row: Row) => boolean} wanted
 * @param {(one: Row, other: Row) => number} compare
 */
function sorted(table, wanted, compare) {
  return remembering([table], (desk, settings, /** @type {readonly Entry<Row>[]} */ before) => {
    const rows = new Map(/** @type {Map<string, any>} */ (desk[table]));
    /** @type {Entry<Row>[]} */
    const found = [];
    for (const entry of before) {
      const [id, old] = entry;
      const row = rows.get(id);
      if (row && wanted(settings, row)) found.push(row === old ? entry : [id, row]);
      rows.delete(id);
    }
    for (const [id, row] of rows) if (wanted(settings, row)) found.push([id, row]);
    return found.sort(([id, one], [id2, other]) => compare(one, other) || order(id, id2));
  });
}

const names = new Intl.Collator(undefined, { numeric: true });

/** @type {(one: {name: string}, other: {name: string}) => number} */
const byName = (one, other) => names.compare(one.name, other.name);

/** @type {(one: string|number, other: string|number) => number} */
const order = (one, other) => (one < other ? -1 : Number(one > other));

/** @type {(iso: string|null) => number} unknown is after all that is known */
const moment = (iso) => (iso === null ? Infinity : Date.parse(iso));

/** @type {WeakMap<{since: string|null}, number>} reading a time costs more than all comparisons */
const beginnings = new WeakMap();

/** @type {(row: {since: string|null}) => number} */
function beginning(row) {
  let since = beginnings.get(row);
  if (since === undefined) beginnings.set(row, (since = moment(row.since)));
  return since;
}

/** @type {(one: {since: string|null}, other: {since: string|null}) => number} */
const bySince = (one, other) => order(beginning(one), beginning(other));

/** Who waits in a queue, made once for each row. @type {WeakMap<Queue, readonly Waiting[]>} */
const lines = new WeakMap();

/** All who wait, whoever has waited longest first. */
export const waitingCallers = remembering(["queues"], (desk, settings, /** @type {readonly Waiting[]} */ before) => {
  const known = new Map(before.map((entry) => [entry.key, entry]));
  /** @type {(queue: string, row: Queue) => readonly Waiting[]} */
  const line = (queue, { callers }) =>
    keyed(callers).map(([key, caller]) => {
      const entry = { key: queue + key, queue, caller };
      const old = known.get(entry.key);
      return old && equal(old, entry) ? old : entry;
    });
  /** @type {Waiting[]} */
  const found = [];
  for (const [queue, row] of desk.queues) {
    if (!chosen(settings, [queue])) continue;
    if (!lines.has(row)) lines.set(row, line(queue, row));
    found.push(...(lines.get(row) ?? []));
  }
  return found.sort((one, other) => bySince(one.caller, other.caller) || order(one.queue, other.queue));
});

/**
 * Callers by a key of ours: they have no id at the PBX, and several may hide their numbers.
 * @param {readonly Caller[]} callers
 */
function keyed(callers) {
  /** @type {Map<string, Caller>} */
  const found = new Map();
  for (const caller of callers) {
    let key = ` ${caller.number} ${caller.since}`;
    while (found.has(key)) key += "+";
    found.set(key, caller);
  }
  return [...found];
}

/** What a receptionist looks for first: who rings, who talks, who is free. */
const AGENT_STATES = ["ringing", "on_call", "available", "paused", "unreachable", null];

/** @type {(agent: Agent) => number} */
const rank = ({ state }) => AGENT_STATES.indexOf(state);

/** Agents by what they do, and by name within. */
export const agentList = sorted(
  "agents",
  (settings, /** @type {Agent} */ agent) => chosen(settings, agent.queues),
  (one, other) => rank(one) - rank(other) || byName(one, other),
);

/** Calls in the order in which they began: a row stays where it is while later ones come and go. */
export const liveCalls = sorted(
  "calls",
  (settings, /** @type {Call} */ { queue }) => chosen(settings, queue === null ? [] : [queue]),
  bySince,
);

/** Callers who are owed a call, the latest first. */
export const missedCalls = sorted(
  "missed",
  (settings, /** @type {Missed} */ missed) => chosen(settings, missed.queues),
  (one, other) => order(moment(other.last), moment(one.last)),
);

/** What the PBX does not answer at present. */
export const troubles = sorted("health", (_settings, /** @type {Health} */ health) => !health.ok, byName);

const allPhones = sorted("phones", (_settings, /** @type {Phone} */ _phone) => true, byName);

const foundPhones = remembering(
  ["phones"],
  (desk, settings, /** @type {readonly Entry<Phone>[]} */ _before, /** @type {string} */ search) => {
    const words = search.split(/\s+/);
    return allPhones(desk, settings).filter(([, phone]) => words.every((word) => searchable(phone).includes(word)));
  },
);

/**
 * Phones by name; with a search, those that have all its words in their names and extensions.
 * @type {(desk: Desk, settings: Settings, search?: string) => readonly Entry<Phone>[]}
 */
export function phoneList(desk, settings, search = "") {
  const words = folded(search);
  return words ? foundPhones(desk, settings, words) : allPhones(desk, settings);
}

/** @type {WeakMap<Phone, string>} */
const folds = new WeakMap();

/** @type {(phone: Phone) => string} */
function searchable(phone) {
  let text = folds.get(phone);
  if (text === undefined) folds.set(phone, (text = folded(`${phone.name} ${phone.extension}`)));
  return text;
}

/**
 * Without case and accents, as people type when they search.
 * @type {(text: string) => string}
 */
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * The queues to choose from, by name.
 * @type {(desk: Desk) => {value: string, label: string}[]}
 */
export function queueChoices(desk) {
  const queues = [...desk.queues].sort(([, one], [, other]) => byName(one, other));
  return queues.map(([value, { name }]) => ({ value, label: name }));
}

/**
 * Whose auth ID that is; null where this user may read neither their phone nor what they do as an agent.
 * @type {(desk: Desk, id: string|null) => string|null}
 */
export function person(desk, id) {
  return (id !== null && (desk.phones.get(id) ?? desk.agents.get(id))?.name) || null;
}
