/** Times of what is on record: it may be years old. */

/** @import { Hass } from "./home-assistant-types.js" */

import { format, timeOfDay } from "./time.js";

/**
 * As `timeOfDay`, and with the year where it was another one: what the PBX has on record may be years old.
 * @type {(when: string|number, now: number, hass: Pick<Hass, "locale"|"config">) => string}
 */
export function timeOnRecord(when, now, hass) {
  const then = new Date(when);
  const year = format(hass, { year: "numeric" });
  if (Number.isNaN(then.getTime()) || year.format(then) === year.format(now)) return timeOfDay(when, now, hass);
  const parts = /** @type {const} */ ({ year: "numeric", month: "short", day: "numeric" });
  return format(hass, { ...parts, hour: "numeric", minute: "2-digit" }).format(then);
}
