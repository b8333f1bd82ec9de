/**
 * Figures of the status strip, which stands above everything else. What is unknown is null and never 0, and its level is
 * "unknown".
 */

/** @import { Settings, StatusStrip } from "./model-types.js" */
/** @import { Store } from "./store.js" */

import { freeLevel, level, longestWait, queuesTotal, serviceLevelLevel, waitLevel } from "./queue-figures.js";
import { isUnanswered, missedCalls } from "./selectors.js";

/** Milliseconds after which somebody should have called back. */
const LATE = 3_600_000;

/** @type {(store: Store, settings: Settings, now: number) => StatusStrip} `now` in milliseconds since the epoch */
export function statusStripFigures(store, settings, now) {
  const [{ waiting, since, free, service_level, goal, isUnattended }] = queuesTotal(store, settings);
  const seconds = longestWait({ waiting, since }, now);
  const owed = missedCalls(store, settings);
  const isOwedKnown = owed.length > 0 || !isUnanswered(store, settings, "reports");
  const isLate = owed.some(([, { last }]) => now - Date.parse(last) > LATE);
  return {
    waiting: { value: waiting, level: level(waiting, settings.waiting_amber, settings.waiting_red) },
    longest_wait: { since, seconds, level: waitLevel(seconds, settings) },
    // Somebody may be free in one queue while nobody is in that where callers wait.
    free_agents: { value: free, level: isUnattended ? "red" : freeLevel(free, waiting) },
    service_level: { value: service_level, goal, level: serviceLevelLevel(service_level, goal, settings) },
    callbacks: { value: isOwedKnown ? owed.length : null, level: isOwedKnown ? (isLate ? "amber" : "ok") : "unknown" },
  };
}
