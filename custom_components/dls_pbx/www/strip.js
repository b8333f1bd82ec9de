/** The figures that stand above everything else. Unknown is null and never 0; a level is never guessed. */

import { chosen } from "./settings.js";
import { secondsSince } from "./time.js";

/** @typedef {import("./types.js").Queue} Queue */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {"ok"|"amber"|"red"|"unknown"} Level */

/**
 * @typedef {object} Strip
 * @property {{value: number|null, level: Level}} waiting
 * @property {{since: string|null, seconds: number|null, level: Level}} longest_wait 0 seconds, since null: nobody waits
 * @property {{value: number|null, level: Level}} free_agents
 * @property {{value: number|null, goal: number|null, level: Level}} service_level percent
 */

/**
 * @param {Desk} desk
 * @param {Settings} settings
 * @param {number} now milliseconds since the epoch
 * @returns {Strip}
 */
export function strip(desk, settings, now) {
  const queues = [...desk.queues].filter(([id]) => chosen(settings, [id]));
  const rows = queues.map(([, queue]) => queue);
  const waiting = sum(rows.map((queue) => queue.waiting));
  const free = freeAgents(desk, queues);
  return {
    waiting: { value: waiting, level: above(waiting, settings.waiting_amber, settings.waiting_red) },
    longest_wait: longestWait(rows, waiting, settings, now),
    free_agents: { value: free, level: free === null ? "unknown" : free ? "ok" : waiting ? "red" : "amber" },
    service_level: serviceLevel(rows, settings),
  };
}

/**
 * @param {number|null} seconds null where nobody knows
 * @param {Settings} settings
 */
export function waitLevel(seconds, settings) {
  return above(seconds, settings.wait_amber, settings.wait_red);
}

/**
 * @param {number|null} value
 * @param {number} amber
 * @param {number} red
 * @returns {Level}
 */
function above(value, amber, red) {
  if (value === null) return "unknown";
  return value >= red ? "red" : value >= amber ? "amber" : "ok";
}

/**
 * Of what is known, as the PBX's own sensors do it.
 * @param {(number|null)[]} values
 */
function sum(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((all, value) => all + value, 0) : null;
}

/**
 * @param {Queue[]} queues
 * @param {number|null} waiting
 * @param {Settings} settings
 * @param {number} now
 */
function longestWait(queues, waiting, settings, now) {
  const known = queues.map((queue) => queue.waiting_since).filter((since) => since !== null);
  const since = known.reduce((first, next) => (first && Date.parse(first) <= Date.parse(next) ? first : next), "") || null;
  const seconds = since === null && waiting === 0 ? 0 : secondsSince(since, now);
  return { since, seconds, level: waitLevel(seconds, settings) };
}

/**
 * How many people can take a call at once, each counted once. Who may not read every agent's row sees too few of them:
 * a queue that knows of more shows it.
 * @param {Desk} desk
 * @param {[id: string, queue: Queue][]} queues
 */
function freeAgents(desk, queues) {
  let free = 0;
  let unknown = 0;
  /** @type {Map<string, number>} */ const freeIn = new Map(queues.map(([id]) => [id, 0]));
  for (const agent of desk.agents.values()) {
    const theirs = agent.queues.filter((queue) => freeIn.has(queue));
    if (!theirs.length) continue;
    if (agent.state === null) unknown += 1;
    if (agent.state !== "available") continue;
    free += 1;
    for (const queue of theirs) freeIn.set(queue, (freeIn.get(queue) ?? 0) + 1);
  }
  const hidden = queues.some(([id, queue]) => (queue.agents_available ?? 0) > (freeIn.get(id) ?? 0));
  if (hidden) return queues.length === 1 ? queues[0][1].agents_available : null;
  const told = queues.some(([, queue]) => queue.agents_available !== null);
  return free || (told && !unknown) ? free : null;
}

/**
 * @param {Queue[]} queues
 * @param {Settings} settings
 */
function serviceLevel(queues, settings) {
  const rated = queues.filter((queue) => queue.service_level !== null);
  const value = mean(rated, (queue) => queue.service_level ?? 0);
  const goal = mean(rated.length ? rated : queues, (queue) => queue.service_level_goal);
  return { value, goal, level: rating(value, goal, settings.service_level_red) };
}

/**
 * The mean over all calls of these queues; where it is not known how many each of them had, only what they agree on.
 * @param {Queue[]} queues
 * @param {(queue: Queue) => number} figure
 */
function mean(queues, figure) {
  const figures = queues.map(figure);
  if (new Set(figures).size === 1) return figures[0];
  const weights = queues.map((queue) => queue.calls_today);
  const all = weights.includes(null) ? null : sum(weights);
  return all ? figures.reduce((total, value, index) => total + value * (weights[index] ?? 0), 0) / all : null;
}

/**
 * @param {number|null} value
 * @param {number|null} goal
 * @param {number|null} red
 * @returns {Level}
 */
function rating(value, goal, red) {
  if (value === null || goal === null) return "unknown";
  if (value >= goal) return "ok";
  return value >= (red ?? goal - 20) ? "amber" : "red";
}
