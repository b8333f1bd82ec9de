/** Days that one looks through, as date fields hold them ("2026-11-24"), in the zone that the user has chosen. */

/** @import { Hass } from "../ui/home-assistant-types.js" */

import { zoneOf } from "../ui/time.js";

/** @typedef {Pick<Hass, "locale"|"config">} Zone */
/** @typedef {"today"|"yesterday"|"week"|"month"|"all"} Period */
/** @typedef {{from: string, to: string}} Days either may be empty: no limit */

/** @type {readonly Period[]} */
export const PERIODS = ["today", "yesterday", "week", "month", "all"];

/** How many days ago each begins and ends. @type {Readonly<Record<Period, [from: number, to: number]|null>>} */
const AGO = { today: [0, 0], yesterday: [1, 1], week: [6, 0], month: [29, 0], all: null };

/** @type {(day: string, days: number) => string} */
export function daysLater(day, days) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

/** Making one takes longer than anything else in an export. @type {Map<string|undefined, Intl.DateTimeFormat>} */
const formats = new Map();

/** @type {(timeZone: string|undefined) => Intl.DateTimeFormat} */
function formatOf(timeZone) {
  const two = /** @type {const} */ ("2-digit");
  const parts = { year: /** @type {const} */ ("numeric"), month: two, day: two, hour: two, minute: two, second: two };
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-US", { ...parts, hourCycle: "h23", timeZone });
  formats.set(timeZone, format);
  return format;
}

/**
 * The parts of a moment in the user's zone: "2026-11-24" and "12:04:05".
 * @type {(when: number, zone: Zone) => [day: string, time: string]}
 */
export function dayAndTime(when, zone) {
  const format = formatOf(zoneOf(zone));
  const parts = Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second } = parts;
  return [`${year}-${month}-${day}`, `${hour}:${minute}:${second}`];
}

/** @type {(period: Period, now: number, zone: Zone) => Days} */
export function daysOf(period, now, zone) {
  const ago = AGO[period];
  if (!ago) return { from: "", to: "" };
  const [today] = dayAndTime(now, zone);
  const [from, to] = ago.map((days) => daysLater(today, -days));
  return { from, to };
}

/**
 * From when until before when that is: without a zone it is Home Assistant's.
 * @type {(days: Days, zone: Zone) => {start?: string, end?: string}}
 */
export function bounds({ from, to }, zone) {
  /** @type {(day: string) => string} */
  const midnight = (day) => {
    if (zoneOf(zone)) return `${day}T00:00:00`;
    const [year, month, date] = day.split("-").map(Number);
    return new Date(year, month - 1, date).toISOString();
  };
  return { ...(from && { start: midnight(from) }), ...(to && { end: midnight(daysLater(to, 1)) }) };
}
