/** Figures of each queue beside those of all, so that a sum of all never hides a queue. Unknown is null, and never 0. */

/** @import { Person } from "./people.js" */
/** @import { Level, Settings } from "./model-types.js" */
/** @import { Store } from "./store.js" */
/** @import { Queue } from "./subscribe-types.js" */

import { secondsSince } from "../ui/time.js";
import { memoized } from "./memoized.js";
import { everybody } from "./people.js";
import { byName, matchesQueues, order, startTime } from "./selectors.js";
import { equal } from "./store.js";

/**
 * @typedef {object} QueueFigures
 * @property {string} id
 * @property {string} name
 * @property {number|null} waiting
 * @property {string|null} since when the first of them joined
 * @property {number|null} free agents who can take a call
 * @property {number|null} busy
 * @property {number|null} paused
 * @property {number|null} service_level today's, in percent
 * @property {number} goal
 * @property {number|null} calls today
 * @property {number|null} abandoned today
 * @property {string|null} device_id
 */

/**
 * What all queues have together.
 * @typedef {Omit<QueueFigures, "id"|"name"|"goal"|"calls"|"device_id"> & {goal: number|null, isUnattended: boolean}} QueuesTotal
 *   `isUnattended`: somebody waits in a queue where nobody is free, whoever is in others
 */

/**
 * How many agents of a queue there are to see: `free` is who can take a call, and `reported` whom queues say can.
 * @typedef {{agents: number, free: number, reported: number}} Seen
 */

/** @type {Seen} */
const NOBODY = { agents: 0, free: 0, reported: 0 };

/** @type {(id: string, queue: Queue, seen: Seen) => QueueFigures} */
function figures(id, queue, seen) {
  const reported = queue.agents_available;
  const isWhole = queue.agents_logged_in !== null && seen.agents >= queue.agents_logged_in;
  // Who is on the phone otherwise is not free, whatever the queue says.
  const free = reported !== null && isWhole ? Math.min(reported, seen.free) : reported;
  const others = Number(reported) - Number(free);
  return {
    id,
    name: queue.name,
    waiting: queue.waiting,
    since: queue.waiting_since,
    free,
    busy: queue.agents_on_call === null ? null : queue.agents_on_call + others,
    paused: queue.agents_paused,
    service_level: queue.service_level,
    goal: queue.service_level_goal,
    calls: queue.calls_today,
    abandoned: queue.abandoned_calls_today,
    device_id: queue.device_id,
  };
}

/** The queues by name. */
export const queueFigures = memoized(
  ["queues", "phones", "agents", "calls"],
  (store, settings, /** @type {readonly QueueFigures[]} */ before) => {
    const seen = seenByQueue(agents(store, settings));
    const known = new Map(before.map((row) => [row.id, row]));
    const found = [];
    for (const [id, queue] of store.queues) {
      if (!matchesQueues(settings, [id])) continue;
      const [row, old] = [figures(id, queue, seen.get(id) ?? NOBODY), known.get(id)];
      found.push(old && equal(row, old) ? old : row);
    }
    return found.sort(byName);
  },
);

/** Who is an agent of some queue. */
const agents = memoized(["phones", "agents", "calls"], (store, settings) =>
  everybody(store, settings).filter(({ queues }) => queues.length),
);

/** @type {(agents: readonly Person[]) => Map<string, Seen>} */
function seenByQueue(agents) {
  /** @type {Map<string, Seen>} */
  const found = new Map();
  for (const { queues, state, from } of agents)
    for (const queue of queues) {
      let seen = found.get(queue);
      if (!seen) found.set(queue, (seen = { ...NOBODY }));
      seen.agents += 1;
      if (state === "available") seen.free += 1;
      if (from[1]?.state === "available") seen.reported += 1;
    }
  return found;
}

/** @type {(values: readonly (number|null)[]) => number|null} of what is known, as the PBX's own sensors do it */
function sum(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((all, value) => all + value, 0) : null;
}

/**
 * The mean over all calls; where nobody knows how many calls each queue had, only what they agree on.
 * @type {(queues: readonly QueueFigures[], figure: (queue: QueueFigures) => number) => number|null}
 */
function mean(queues, figure) {
  const values = queues.map(figure);
  if (new Set(values).size === 1) return values[0];
  const calls = queues.map((queue) => queue.calls);
  const all = calls.includes(null) ? null : sum(calls);
  return all ? values.reduce((total, value, index) => total + value * Number(calls[index]), 0) / all : null;
}

/**
 * How many agents of all queues are free, busy and paused, each counted once. A user who may not read every agent's row
 * sees too few; the queues' own counts give that away, and then of one queue alone something is known.
 * @type {(store: Store, settings: Settings, queues: readonly QueueFigures[]) => Record<"free"|"busy"|"paused", number|null>}
 */
function agentTotals(store, settings, queues) {
  const known = agents(store, settings);
  const seen = seenByQueue(known);
  const readable = queues.map(({ id }) => {
    const reported = store.queues.get(id)?.agents_available ?? null;
    return { reported, isWhole: Number(reported) <= (seen.get(id) ?? NOBODY).reported };
  });
  if (readable.some(({ isWhole }) => !isWhole)) {
    const [{ busy, paused }] = queues;
    return queues.length === 1
      ? { free: readable[0].reported, busy, paused }
      : { free: null, busy: null, paused: null };
  }
  const isKnown = readable.some(({ reported }) => reported !== null) && !known.some(({ state }) => state === null);
  const count = (/** @type {(Person["state"])[]} */ ...states) => {
    const found = known.filter(({ state }) => states.includes(state)).length;
    return found || isKnown ? found : null;
  };
  return { free: count("available"), busy: count("on_call", "ringing"), paused: count("paused") };
}

/** All queues together, in one row. */
export const queuesTotal = memoized(
  ["queues", "phones", "agents", "calls"],
  (store, settings, /** @type {readonly QueuesTotal[]} */ [before]) => {
    const queues = queueFigures(store, settings);
    const rated = queues.filter((queue) => queue.service_level !== null);
    const now = {
      waiting: sum(queues.map((queue) => queue.waiting)),
      since: [...queues].sort((one, other) => order(startTime(one), startTime(other)))[0]?.since ?? null,
      ...agentTotals(store, settings, queues),
      service_level: mean(rated, (queue) => Number(queue.service_level)),
      goal: mean(rated.length ? rated : queues, (queue) => queue.goal),
      abandoned: sum(queues.map((queue) => queue.abandoned)),
      isUnattended: queues.some((queue) => queue.waiting && queue.free === 0),
    };
    return [before && equal(now, before) ? before : now];
  },
);

/** For how many seconds somebody has waited; 0 where nobody does. @type {(queue: Pick<QueuesTotal, "waiting"|"since">, now: number) => number|null} */
export const longestWait = ({ waiting, since }, now) =>
  since === null && waiting === 0 ? 0 : secondsSince(since, now);

/** @type {(value: number|null, amber: number, red: number) => Level} */
export function level(value, amber, red) {
  if (value === null) return "unknown";
  return value >= red ? "red" : value >= amber ? "amber" : "ok";
}

/** @type {(seconds: number|null, settings: Settings) => Level} */
export const waitLevel = (seconds, settings) => level(seconds, settings.wait_amber, settings.wait_red);

/** Nobody is free: urgent where somebody waits for them. @type {(free: number|null, waiting: number|null) => Level} */
export function freeLevel(free, waiting) {
  if (free === null) return "unknown";
  return free ? "ok" : waiting ? "red" : "amber";
}

/** Red only where somebody has said from where on: what nobody can mend today is no alarm. @type {(value: number|null, goal: number|null, settings: Settings) => Level} */
export function serviceLevelLevel(value, goal, { service_level_red: red }) {
  if (value === null || goal === null) return "unknown";
  return value >= goal ? "ok" : red !== null && value < red ? "red" : "amber";
}
