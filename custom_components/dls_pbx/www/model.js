/**
 * What the front desk shows, without a DOM and without a clock of its own: `now` is handed in, in milliseconds since the
 * epoch. A list whose rows did not change stays the same array, and its entries the same objects.
 */

import { Desk, equal } from "./desk.js";
import { chosen } from "./settings.js";

export { Desk };
export { DEFAULTS, SECTIONS, settings } from "./settings.js";
export { strip, waitLevel } from "./strip.js";

/** @typedef {import("./types.js").Caller} Caller */
/** @typedef {import("./types.js").Agent} Agent */
/** @typedef {import("./types.js").Call} Call */
/** @typedef {import("./types.js").Phone} Phone */
/** @typedef {import("./types.js").Missed} Missed */
/** @typedef {import("./types.js").Health} Health */
/** @typedef {import("./desk.js").Table} Table */
/** @typedef {import("./settings.js").Section} Section */
/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {import("./strip.js").Level} Level */
/** @typedef {{key: string, queue: string, caller: Caller}} Waiting one caller in one queue, by the queue's id */
/** @template Row @typedef {readonly [id: string, row: Row]} Entry */

/**
 * A selector that looks again only when one of its tables has changed.
 * @template Answer, Extra
 * @param {readonly Table[]} tables what it reads
 * @param {(desk: Desk, settings: Settings, before: Answer|undefined, extra: Extra) => Answer} select
 * @returns {(desk: Desk, settings: Settings, extra: Extra) => Answer}
 */
function remembering(tables, select) {
  /** @type {WeakMap<Desk, {version: number, settings: Settings, extra: Extra, answer: Answer}>} */
  const memory = new WeakMap();
  return (desk, settings, extra) => {
    const last = memory.get(desk);
    // Versions only grow: their sum stays where all of them do.
    const version = tables.reduce((sum, table) => sum + desk.versions[table], 0);
    if (last?.version === version && last.settings === settings && last.extra === extra) return last.answer;
    const answer = select(desk, settings, last?.answer, extra);
    memory.set(desk, { version, settings, extra, answer });
    return answer;
  };
}

/**
 * The wanted rows of a table in order. Sorting begins from the order of last time, which is nearly right: that costs
 * about one comparison a row.
 * @template Row
 * @param {Map<string, Row>} rows
 * @param {readonly Entry<Row>[]} before
 * @param {(row: Row, id: string) => boolean} wanted
 * @param {(one: Row, other: Row) => number} compare
 * @returns {readonly Entry<Row>[]}
 */
function inOrder(rows, before, wanted, compare) {
  /** @type {Entry<Row>[]} */ const found = [];
  const known = new Set();
  for (const entry of before) {
    const [id, old] = entry;
    const row = rows.get(id);
    known.add(id);
    if (row !== undefined && wanted(row, id)) found.push(row === old ? entry : [id, row]);
  }
  for (const [id, row] of rows) if (!known.has(id) && wanted(row, id)) found.push([id, row]);
  return unlessSame(before, found.sort(([id, one], [id2, other]) => compare(one, other) || order(id, id2)));
}

/**
 * @template Item
 * @param {readonly Item[]} before
 * @param {readonly Item[]} now
 */
function unlessSame(before, now) {
  return before.length === now.length && before.every((item, index) => item === now[index]) ? before : now;
}

const { compare: byName } = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/**
 * @param {string|number} one
 * @param {string|number} other
 */
function order(one, other) {
  return one < other ? -1 : Number(one > other);
}

/**
 * Earlier first, unknown last.
 * @param {string|null} one
 * @param {string|null} other
 */
function byTime(one, other) {
  return order(one === null ? Infinity : Date.parse(one), other === null ? Infinity : Date.parse(other));
}

/** All who wait, whoever has waited longest first. */
export const waitingCallers = remembering(["queues"], (desk, settings, /** @type {readonly Waiting[]} */ before = []) => {
  const known = new Map(before.map((entry) => [entry.key, entry]));
  const found = [...desk.queues].filter(([id]) => chosen(settings, [id])).flatMap(([id, row]) => withKeys(id, row.callers));
  const kept = found.map((entry) => {
    const old = known.get(entry.key);
    return old && equal(old.caller, entry.caller) ? old : entry;
  });
  return unlessSame(before, kept.sort((one, other) => byTime(one.caller.since, other.caller.since)));
});

/**
 * Callers have no id at the PBX; several may hide their numbers.
 * @param {string} queue
 * @param {readonly Caller[]} callers
 * @returns {Waiting[]}
 */
function withKeys(queue, callers) {
  /** @type {Map<string, number>} */ const seen = new Map();
  return callers.map((caller) => {
    const who = JSON.stringify([queue, caller.tel ?? caller.number, caller.since]);
    const nth = (seen.get(who) ?? 0) + 1;
    seen.set(who, nth);
    return { key: `${who}${nth}`, queue, caller };
  });
}

/** What a receptionist looks for first: who rings, who talks, who is free. */
const AGENT_STATES = ["ringing", "on_call", "available", "paused", "unreachable", null];

/** Agents by what they do, and by name within. */
export const agentList = remembering(["agents"], (desk, settings, /** @type {readonly Entry<Agent>[]} */ before = []) =>
  inOrder(
    desk.agents,
    before,
    (agent) => chosen(settings, agent.queues),
    (one, other) =>
      AGENT_STATES.indexOf(one.state) - AGENT_STATES.indexOf(other.state) || byName(one.name, other.name),
  ));

/** Calls in the order in which they began: a row stays where it is while others come and go. */
export const liveCalls = remembering(["calls"], (desk, settings, /** @type {readonly Entry<Call>[]} */ before = []) =>
  inOrder(
    desk.calls,
    before,
    (call) => chosen(settings, call.queue === null ? [] : [call.queue]),
    (one, other) => byTime(one.since, other.since),
  ));

/** Callers who are owed a call, the latest first. */
export const missedCalls = remembering(["missed"], (desk, settings, /** @type {readonly Entry<Missed>[]} */ before = []) =>
  inOrder(
    desk.missed,
    before,
    (missed) => chosen(settings, missed.queues),
    (one, other) => byTime(other.last, one.last),
  ));

/** Phones by name. */
const allPhones = remembering(["phones"], (desk, _settings, /** @type {readonly Entry<Phone>[]} */ before = []) =>
  inOrder(desk.phones, before, () => true, (one, other) => byName(one.name, other.name)));

const foundPhones = remembering(
  ["phones"],
  (desk, settings, /** @type {readonly Entry<Phone>[]} */ before = [], /** @type {string} */ words) => {
    const wanted = words.split(" ");
    const found = allPhones(desk, settings, undefined).filter(([, phone]) => {
      const text = searchable(phone);
      return wanted.every((word) => text.includes(word));
    });
    return unlessSame(before, found);
  },
);

/**
 * Phones by name; with a search, those whose name and extension have all its words in them.
 * @param {Desk} desk
 * @param {Settings} settings
 * @param {string} search
 * @returns {readonly Entry<Phone>[]}
 */
export function phoneList(desk, settings, search = "") {
  const words = folded(search).trim().replace(/\s+/g, " ");
  return words ? foundPhones(desk, settings, words) : allPhones(desk, settings, undefined);
}

/** @type {WeakMap<Phone, string>} */
const texts = new WeakMap();

/** @param {Phone} phone */
function searchable(phone) {
  let text = texts.get(phone);
  if (text === undefined) texts.set(phone, (text = folded(`${phone.name} ${phone.extension}`)));
  return text;
}

/**
 * Without case and diacritics, as people type when they search.
 * @param {string} text
 */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * What the PBX does not answer at present, by name.
 */
export const troubles = remembering(["health"], (desk, _settings, /** @type {readonly Entry<Health>[]} */ before = []) =>
  inOrder(desk.health, before, (health) => !health.ok, (one, other) => byName(one.name, other.name)));

/**
 * The queues to choose from, by name.
 * @param {Desk} desk
 * @returns {{value: string, label: string}[]}
 */
export function queueChoices(desk) {
  const choices = [...desk.queues].map(([value, { name }]) => ({ value, label: name }));
  return choices.sort((one, other) => byName(one.label, other.label));
}

/**
 * Whose auth ID that is; null where this user may read neither their phone nor what they do as an agent.
 * @param {Desk} desk
 * @param {string|null} id
 */
export function person(desk, id) {
  return id === null ? null : (desk.phones.get(id) ?? desk.agents.get(id))?.name ?? null;
}
