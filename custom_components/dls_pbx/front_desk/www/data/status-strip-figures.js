/**
 * Figures of the status strip, which stands above everything else. What is unknown is null and never 0, and its level is
 * "unknown".
 */

/** @import { Settings, StatusStrip } from "./model-types.js" */
/** @import { Store } from "./store.js" */

import {
  agentTotals,
  freeLevel,
  level,
  longestWait,
  queueFigures,
  serviceLevel,
  serviceLevelLevel,
  sum,
  waitLevel,
} from "./queue-figures.js";
import { isUnanswered, missedCalls } from "./selectors.js";

/** Milliseconds after which somebody should have called back. */
const LATE = 3_600_000;

/** @type {(store: Store, settings: Settings, now: number) => StatusStrip} `now` in milliseconds since the epoch */
export function statusStripFigures(store, settings, now) {
  const queues = queueFigures(store, settings);
  const waiting = sum(queues.map((queue) => queue.waiting));
  const { free } = agentTotals(store, settings, queues);
  const longest = longestWait(queues, now);
  const service = serviceLevel(queues);
  const owed = missedCalls(store, settings);
  const isOwedKnown = owed.length > 0 || !isUnanswered(store, settings, "reports");
  const isLate = owed.some(([, { last }]) => now - Date.parse(last) > LATE);
  // Somebody may be free in one queue while nobody is in that where callers wait.
  const isUnattended = queues.some((queue) => queue.waiting && queue.free === 0);
  return {
    waiting: { value: waiting, level: level(waiting, settings.waiting_amber, settings.waiting_red) },
    longest_wait: { ...longest, level: waitLevel(longest.seconds, settings) },
    free_agents: { value: free, level: isUnattended ? "red" : freeLevel(free, waiting) },
    service_level: { ...service, level: serviceLevelLevel(service.value, service.goal, settings) },
    callbacks: { value: isOwedKnown ? owed.length : null, level: isOwedKnown ? (isLate ? "amber" : "ok") : "unknown" },
  };
}
