/** Hours of calls: what statistics have of each hour, by day, hour and weekday of the office's own clock. */

/** @import { Hass } from "../ui/home-assistant-types.js" */

/** @typedef {{start: number, change?: number|null, mean?: number|null}} StatisticsRow `start` in milliseconds since the epoch */
/** @typedef {{day: number, hour: number, weekday: number, value: number}} Hour `day` counts days; `weekday`: Sunday is 0 */
/** @typedef {{hour: number, cells: (number|null)[]}} HeatRow of one hour of the day, by weekday from the week's first on */
/** @typedef {{firstDay: number}} WeekInfo as browsers tell it: Monday is 1, Sunday 7 */
/** @typedef {{now: number, before: number}} Comparison this week so far, and the last one up to the same moment */

const DAY = 86_400_000;
export const WEEK = 7;
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** With what a week begins, Sunday is 0. @type {(locale: Hass["locale"]) => number} */
export function firstWeekday({ first_weekday: chosen, language }) {
  const named = WEEKDAYS.indexOf(chosen ?? "");
  if (named >= 0) return named;
  // It was a field before it became a function, and not every browser has either; most of the world begins on Monday.
  const known = /** @type {{getWeekInfo?: () => WeekInfo, weekInfo?: WeekInfo}} */ (
    /** @type {unknown} */ (new Intl.Locale(language))
  );
  return ((known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1) % WEEK;
}

/** Reads a clock on a wall: which day, hour and weekday a moment is. @type {(zone?: string) => (moment: number) => Omit<Hour, "value">} */
export function wallClock(zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    ...(zone && { timeZone: zone }),
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
  });
  return (moment) => {
    const found = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const day = Date.UTC(found.year, found.month - 1, found.day) / DAY;
    return { day, hour: found.hour, weekday: new Date(day * DAY).getUTCDay() };
  };
}

/** @type {(rows: readonly StatisticsRow[], zone?: string) => Hour[]} hours of which something is known */
export function hours(rows, zone) {
  const at = wallClock(zone);
  return rows.flatMap(({ start, change, mean }) => {
    const value = change ?? mean;
    return typeof value === "number" ? [{ ...at(start), value }] : [];
  });
}

/**
 * The mean of each hour of each weekday, from the first hour of the day that had any to the last.
 * @type {(found: readonly Hour[], first: number) => HeatRow[]}
 */
export function heatMap(found, first) {
  /** @type {Map<string, {sum: number, days: Set<number>}>} */
  const cells = new Map();
  for (const { day, hour, weekday, value } of found) {
    const key = `${hour} ${weekday}`;
    const cell = cells.get(key) ?? { sum: 0, days: new Set() };
    cell.sum += value;
    cell.days.add(day);
    cells.set(key, cell);
  }
  const busy = found.filter(({ value }) => value > 0).map(({ hour }) => hour);
  const [from, to] = [Math.min(...busy), Math.max(...busy)];
  return Array.from({ length: busy.length ? to - from + 1 : 0 }, (_, index) => ({
    hour: from + index,
    cells: Array.from({ length: WEEK }, (_day, weekday) => {
      const cell = cells.get(`${from + index} ${(first + weekday) % WEEK}`);
      return cell ? cell.sum / cell.days.size : null;
    }),
  }));
}

/**
 * This week so far, and the last one up to the same hour.
 * @type {(found: readonly Hour[], now: Omit<Hour, "value">, first: number) => Comparison}
 */
export function weeks(found, now, first) {
  const begin = now.day - ((now.weekday - first + WEEK) % WEEK);
  const until = now.day * 24 + now.hour;
  const total = { now: 0, before: 0 };
  for (const { day, hour, value } of found) {
    const moment = day * 24 + hour;
    if (day >= begin) total.now += value;
    // The hour that is not over is left out of the week that is.
    else if (day >= begin - WEEK && moment + WEEK * 24 < until) total.before += value;
  }
  return total;
}

/** @typedef {{day: number, value: number}} Day */

/**
 * What the hours of each day come to; the latest day last. Statistics come in the order of time.
 * @type {(found: readonly Hour[], most: number, joined: (before: number, value: number) => number) => Day[]}
 */
function eachDay(found, most, joined) {
  /** @type {Map<number, number>} */
  const days = new Map();
  for (const { day, value } of found) days.set(day, days.has(day) ? joined(Number(days.get(day)), value) : value);
  return [...days].slice(-most).map(([day, value]) => ({ day, value }));
}

/** The last value of each day, which is the day's. @type {(found: readonly Hour[], most: number) => Day[]} */
export const lastOfEachDay = (found, most) => eachDay(found, most, (_, value) => value);

/** What each day adds up to. @type {(found: readonly Hour[], most: number) => Day[]} */
export const sumOfEachDay = (found, most) => eachDay(found, most, (before, value) => before + value);

/** In what a clock's hours are told, so that the longest is more than nothing. @type {(longest: number) => {unit: "hour"|"minute"|"second", inAnHour: number}} */
export function unitOf(longest) {
  if (longest >= 1) return { unit: "hour", inAnHour: 1 };
  return longest * 60 >= 1 ? { unit: "minute", inAnHour: 60 } : { unit: "second", inAnHour: 3600 };
}

/** Noon of a day, in UTC: to be written with UTC as its zone. @type {(day: number) => number} */
export const noonOf = (day) => day * DAY + DAY / 2;
