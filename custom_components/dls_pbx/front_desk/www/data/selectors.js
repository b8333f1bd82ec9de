/**
 * Selectors: the lists that the front desk shows, out of the store and without a document. A list whose rows did not
 * change stays the same array, and an entry whose row did not change the same object.
 */

/** @import { Entry, Settings, Table, Waiting } from "./model-types.js" */
/** @import { Store } from "./store.js" */
/** @import { Agent, Call, Caller, Conversation, Fax, Health, Missed, Queue } from "./subscribe-types.js" */

import { memoized } from "./memoized.js";
import { equal } from "./store.js";

/**
 * Whether what belongs to these queues is to be shown; where none is chosen, everything is.
 * @type {(settings: Pick<Settings, "queues">, queues: readonly string[]) => boolean}
 */
export function matchesQueues(settings, queues) {
  return !settings.queues.length || queues.some((queue) => settings.queues.includes(queue));
}

/**
 * Selects the wanted rows of a table, in order. Sorting begins from the order of last time, which is nearly right: that
 * costs about one comparison a row.
 * @template Row
 * @param {Table} table
 * @param {(settings: Settings, row: Row) => boolean} isWanted
 * @param {(one: Row, other: Row) => number} compare
 */
function sortedRows(table, isWanted, compare) {
  return memoized([table], (store, settings, /** @type {readonly Entry<Row>[]} */ before) => {
    const rows = new Map(/** @type {Map<string, any>} */ (store[table]));
    /** @type {Entry<Row>[]} */
    const found = [];
    for (const entry of before) {
      const [id, old] = entry;
      const row = rows.get(id);
      if (row && isWanted(settings, row)) found.push(row === old ? entry : [id, row]);
      rows.delete(id);
    }
    for (const [id, row] of rows) if (isWanted(settings, row)) found.push([id, row]);
    return found.sort(([id, one], [id2, other]) => compare(one, other) || order(id, id2));
  });
}

const names = new Intl.Collator(undefined, { numeric: true });

/** @type {(one: {name: string}, other: {name: string}) => number} */
export const byName = (one, other) => names.compare(one.name, other.name);

/** @type {(one: string|number, other: string|number) => number} */
export const order = (one, other) => (one < other ? -1 : Number(one > other));

/** @type {(iso: string|null) => number} unknown is after all that is known */
const timestamp = (iso) => (iso === null ? Infinity : Date.parse(iso));

/** @type {WeakMap<{since: string|null}, number>} reading a time costs more than all comparisons */
const startTimes = new WeakMap();

/** @type {(row: {since: string|null}) => number} */
export function startTime(row) {
  let since = startTimes.get(row);
  if (since === undefined) startTimes.set(row, (since = timestamp(row.since)));
  return since;
}

/** @type {(one: {since: string|null}, other: {since: string|null}) => number} */
const bySince = (one, other) => order(startTime(one), startTime(other));

/** Who waits in a queue, made once for each row. @type {WeakMap<Queue, readonly Waiting[]>} */
const waitingIn = new WeakMap();

/** All who wait, whoever has waited longest first. */
export const waitingCallers = memoized(["queues"], (store, settings, /** @type {readonly Waiting[]} */ before) => {
  const known = new Map(before.map((entry) => [entry.key, entry]));
  /** @type {(queue: string, row: Queue) => readonly Waiting[]} */
  const entries = (queue, { callers }) =>
    withKeys(callers).map(([key, caller]) => {
      const entry = { key: queue + key, queue, caller };
      const old = known.get(entry.key);
      return old && equal(old, entry) ? old : entry;
    });
  /** @type {Waiting[]} */
  const found = [];
  for (const [queue, row] of store.queues) {
    if (!matchesQueues(settings, [queue])) continue;
    let waiting = waitingIn.get(row);
    if (!waiting) waitingIn.set(row, (waiting = entries(queue, row)));
    found.push(...waiting);
  }
  return found.sort((one, other) => bySince(one.caller, other.caller) || order(one.queue, other.queue));
});

/**
 * Callers by a key of ours: they have no id at the PBX, and several may hide their numbers.
 * @param {readonly Caller[]} callers
 */
function withKeys(callers) {
  /** @type {Map<string, Caller>} */
  const found = new Map();
  for (const caller of callers) {
    let key = ` ${caller.number} ${caller.since}`;
    while (found.has(key)) key += "+";
    found.set(key, caller);
  }
  return [...found];
}

/** Calls in the order in which they began: a row stays where it is while later ones come and go. */
export const liveCalls = sortedRows(
  "calls",
  (settings, /** @type {Call} */ { queue }) => matchesQueues(settings, queue === null ? [] : [queue]),
  bySince,
);

/** Callers who are owed a call, the latest first. */
export const missedCalls = sortedRows(
  "missed",
  (settings, /** @type {Missed} */ missed) => matchesQueues(settings, missed.queues),
  (one, other) => order(timestamp(other.last), timestamp(one.last)),
);

/** Conversations, the newest first. */
export const conversationList = sortedRows(
  "conversations",
  () => true,
  (/** @type {Conversation} */ one, /** @type {Conversation} */ other) =>
    order(timestamp(other.last.time), timestamp(one.last.time)),
);

/** Faxes that wait or are under way, then those of today that are over, the latest first. */
export const faxList = sortedRows(
  "faxes",
  () => true,
  (/** @type {Fax} */ one, /** @type {Fax} */ other) =>
    Number(isOver(one)) - Number(isOver(other)) || order(timestamp(other.time), timestamp(one.time)),
);

/** @type {(fax: Fax) => boolean} */
const isOver = ({ status }) => !["queued", "processing"].includes(status);

/** Agents of whose day somebody wants to know, by name. */
export const agentsWithFigures = sortedRows(
  "agents",
  (settings, /** @type {Agent} */ agent) => agent.answered_today !== null && matchesQueues(settings, agent.queues),
  byName,
);

/** What the PBX does not answer at present. */
export const outages = sortedRows("health", (_settings, /** @type {Health} */ health) => !health.ok, byName);

/**
 * Whether the PBX does not answer to one of these questions, or nobody has said yet that it does.
 * @type {(store: Store, settings: Settings, ...names: string[]) => boolean}
 */
export const isUnanswered = (store, settings, ...names) =>
  !store.health.size || outages(store, settings).some(([id]) => id === "pbx" || names.includes(id));

/**
 * Whether no caller and no agent means nothing: without queues nobody knows of either.
 * @type {(store: Store, settings: Settings) => boolean}
 */
export const areQueuesUnknown = (store, settings) => isUnanswered(store, settings, "queues") || !store.queues.size;

/**
 * Without case and accents, as people type when they search.
 * @type {(text: string) => string}
 */
export const normalized = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Whose auth ID that is; null where this user may read neither their phone nor what they do as an agent.
 * @type {(store: Store, id: string|null) => string|null}
 */
export function userName(store, id) {
  return (id !== null && (store.phones.get(id) ?? store.agents.get(id))?.name) || null;
}
