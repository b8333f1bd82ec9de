/** Times for people. Nothing here looks at the clock by itself: `now` is in milliseconds since the epoch. */

/** @import { Hass } from "./home-assistant-types.js" */

/** @type {(value: number) => string} */
const twoDigits = (value) => String(value).padStart(2, "0");

/**
 * A duration as a clock would show it: "0:05", "12:34", "1:02:03"; a dash where nobody knows.
 * @type {(seconds: number|null) => string}
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds ?? NaN));
  if (!Number.isFinite(whole)) return "–";
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return `${hours ? `${hours}:${twoDigits(minutes)}` : minutes}:${twoDigits(whole % 60)}`;
}

/**
 * How long ago that was; 0 where this machine's clock is behind Home Assistant's.
 * @type {(iso: string|null, now: number) => number|null}
 */
export function secondsSince(iso, now) {
  const then = Date.parse(iso ?? "");
  return Number.isNaN(then) ? null : Math.max(0, (now - then) / 1000);
}

/**
 * Milliseconds until the next full second: one timer serves the whole card.
 * @type {(now: number) => number}
 */
export const nextTick = (now) => 1000 - (now % 1000);

/** The zone that this user has chosen: undefined is the browser's. @type {(hass: Pick<Hass, "locale"|"config">) => string|undefined} */
export const zoneOf = ({ locale, config }) => (locale.time_zone === "server" ? config.time_zone : undefined);

/** @type {Map<string, Intl.DateTimeFormat>} making one takes longer than anything else on the card */
const formats = new Map();

/** @type {(hass: Pick<Hass, "locale"|"config">, parts: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat} */
export function format(hass, parts) {
  const { language, time_format: hours } = hass.locale;
  const options = { ...parts, timeZone: zoneOf(hass) };
  if (hours === "12" || hours === "24") options.hourCycle = hours === "12" ? "h12" : "h23";
  const tag = hours === "system" ? undefined : language;
  const key = JSON.stringify([tag, options]);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
}

/**
 * When that was, as this user writes times: "12:04", and on another day "Nov 23, 12:04".
 * @type {(when: string|number, now: number, hass: Pick<Hass, "locale"|"config">) => string} `when`: ISO 8601, or as `now`
 */
export function timeOfDay(when, now, hass) {
  const then = new Date(when);
  if (Number.isNaN(then.getTime())) return "–";
  const day = format(hass, { dateStyle: "short" });
  const date = day.format(then) === day.format(now) ? {} : /** @type {const} */ ({ month: "short", day: "numeric" });
  return format(hass, { ...date, hour: "numeric", minute: "2-digit" }).format(then);
}
