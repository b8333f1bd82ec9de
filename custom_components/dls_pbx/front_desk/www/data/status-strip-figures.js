/**
 * Figures of the status strip, which stands above everything else. What is unknown is null and never 0, and its level is
 * "unknown".
 */

/** @import { Level, Settings, StatusStrip } from "./model-types.js" */
/** @import { Store } from "./store.js" */
/** @import { Queue } from "./subscribe-types.js" */

import { secondsSince } from "../ui/time.js";
import { matchesQueues } from "./selectors.js";

/** @type {(store: Store, settings: Settings, now: number) => StatusStrip} `now` in milliseconds since the epoch */
export function statusStripFigures(store, settings, now) {
  const queues = [...store.queues].filter(([id]) => matchesQueues(settings, [id]));
  const rows = queues.map(([, queue]) => queue);
  const waiting = sum(rows.map((queue) => queue.waiting));
  const free = freeAgents(store, queues);
  return {
    waiting: { value: waiting, level: level(waiting, settings.waiting_amber, settings.waiting_red) },
    longest_wait: longestWait(rows, waiting, settings, now),
    free_agents: { value: free, level: free === null ? "unknown" : free ? "ok" : waiting ? "red" : "amber" },
    service_level: serviceLevel(rows, settings.service_level_red),
  };
}

/** @type {(seconds: number|null, settings: Settings) => Level} */
export function waitLevel(seconds, settings) {
  return level(seconds, settings.wait_amber, settings.wait_red);
}

/** @type {(value: number|null, amber: number, red: number) => Level} */
function level(value, amber, red) {
  if (value === null) return "unknown";
  return value >= red ? "red" : value >= amber ? "amber" : "ok";
}

/** @type {(values: (number|null)[]) => number|null} of what is known, as the PBX's own sensors do it */
function sum(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((all, value) => all + value, 0) : null;
}

/** @type {(queues: Queue[], waiting: number|null, settings: Settings, now: number) => StatusStrip["longest_wait"]} */
function longestWait(queues, waiting, settings, now) {
  const known = queues.map((queue) => queue.waiting_since).filter((since) => since !== null);
  const since = known.sort((one, other) => Date.parse(one) - Date.parse(other))[0] ?? null;
  const seconds = since === null && waiting === 0 ? 0 : secondsSince(since, now);
  return { since, seconds, level: waitLevel(seconds, settings) };
}

/**
 * How many people can take a call at once, each counted once. A user who may not read every agent's row sees too few;
 * the queues' own counts give that away.
 * @type {(store: Store, queues: [id: string, queue: Queue][]) => number|null}
 */
function freeAgents(store, queues) {
  /** @type {Map<string, number>} */
  const freeIn = new Map(queues.map(([id]) => [id, 0]));
  let free = 0;
  let unknown = 0;
  for (const agent of store.agents.values()) {
    const theirs = agent.queues.filter((queue) => freeIn.has(queue));
    if (theirs.length && agent.state === null) unknown += 1;
    if (!theirs.length || agent.state !== "available") continue;
    free += 1;
    for (const queue of theirs) freeIn.set(queue, (freeIn.get(queue) ?? 0) + 1);
  }
  const counts = queues.map(([id, queue]) => ({ reported: queue.agents_available, visible: freeIn.get(id) ?? 0 }));
  if (counts.some(({ reported, visible }) => reported !== null && reported > visible))
    return counts.length === 1 ? counts[0].reported : null;
  return free || (!unknown && counts.some(({ reported }) => reported !== null)) ? free : null;
}

/** @type {(queues: Queue[], red: number|null) => StatusStrip["service_level"]} */
function serviceLevel(queues, red) {
  const rated = queues.filter((queue) => queue.service_level !== null);
  const value = mean(rated, (queue) => Number(queue.service_level));
  const goal = mean(rated.length ? rated : queues, (queue) => queue.service_level_goal);
  if (value === null || goal === null) return { value, goal, level: "unknown" };
  return { value, goal, level: value >= goal ? "ok" : value >= (red ?? goal - 20) ? "amber" : "red" };
}

/**
 * The mean over all calls; where nobody knows how many calls each queue had, only what they agree on.
 * @type {(queues: Queue[], figure: (queue: Queue) => number) => number|null}
 */
function mean(queues, figure) {
  const figures = queues.map(figure);
  if (new Set(figures).size === 1) return figures[0];
  const calls = queues.map((queue) => queue.calls_today);
  const all = calls.includes(null) ? null : sum(calls);
  return all ? figures.reduce((total, value, index) => total + value * Number(calls[index]), 0) / all : null;
}
