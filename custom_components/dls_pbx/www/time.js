/** Times for people: how long, and when. Nothing here looks at the clock by itself. */

/** @import { Hass } from "./home-assistant.js" */

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/**
 * A duration as a wall clock would show it: "0:05", "12:34", "1:02:03".
 * @param {number|null} seconds null where nobody knows
 */
export function clock(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * How long ago that was; 0 where this machine's clock is behind Home Assistant's.
 * @param {string|null} iso
 * @param {number} now milliseconds since the epoch
 * @returns {number|null} seconds
 */
export function secondsSince(iso, now) {
  const then = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(then) ? null : Math.max(0, (now - then) / SECOND);
}

/**
 * Milliseconds until the next full second: one timer serves the whole card.
 * @param {number} now milliseconds since the epoch
 */
export const nextTick = (now) => SECOND - (now % SECOND);

/** @type {Map<string, Intl.DateTimeFormat>} making one takes longer than anything else on the card */
const formats = new Map();

/** @type {(hass: Pick<Hass, "locale"|"config">, parts: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat} */
function format({ locale, config }, parts) {
  const { language, time_format: hours, time_zone: zone } = locale;
  const options = { ...parts };
  if (hours === "12" || hours === "24") options.hourCycle = hours === "12" ? "h12" : "h23";
  if (zone === "server") options.timeZone = config.time_zone;
  const tag = hours === "system" ? undefined : language;
  const key = JSON.stringify([tag, options]);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
}

/**
 * When that was, as this user writes times: "12:04", and on another day "Nov 23, 12:04".
 * @param {string|number} when ISO 8601, or milliseconds since the epoch
 * @param {number} now milliseconds since the epoch
 * @param {Pick<Hass, "locale"|"config">} hass whose user decides about zone and hours
 */
export function timeOfDay(when, now, hass) {
  const then = typeof when === "number" ? when : Date.parse(when);
  if (Number.isNaN(then)) return "–";
  const day = format(hass, { year: "numeric", month: "numeric", day: "numeric" });
  const today = Math.abs(now - then) < DAY && day.format(then) === day.format(now);
  const date = /** @type {const} */ ({ month: "short", day: "numeric" });
  return format(hass, { ...(today ? {} : date), hour: "numeric", minute: "2-digit" }).format(then);
}
