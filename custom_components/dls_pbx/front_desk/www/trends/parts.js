/** Parts of the trends: a heat map, a table of weeks, and bars of each day's service level and talk. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { Hass } from "../ui/home-assistant-types.js" */
/** @import { Day, Hour } from "./hours.js" */

import { element } from "../ui/dom.js";
import { WEEK, heatMap, lastOfEachDay, noonOf, sumOfEachDay, unitOf, weeks } from "./hours.js";

/** @typedef {Hass["locale"]} Locale */

/** Days that have a bar: two weeks of an office that is open every day. */
const MOST_DAYS = 14;
/** Percent of color in the busiest hour: words have to be read on it. */
const HOTTEST = 60;
/** A Sunday, as a day that counts. */
const SUNDAY = 3;

/** Each with the texts' key and how many digits it has after the point. */
const FIGURES = /** @type {const} */ ([
  ["calls", 0],
  ["missed_calls", 0],
  ["abandoned_calls", 0],
  ["talk_time", 1],
]);

/** @type {(title: string, name: string, ...children: Node[]) => HTMLElement} */
const part = (title, name, ...children) =>
  element("section", { class: "box", "data-trend": name }, element("h2", {}, title), ...children);

/** @type {(locale: Locale, options: Intl.DateTimeFormatOptions) => (day: number) => string} */
function dayName({ language }, options) {
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  return (day) => format.format(noonOf(day));
}

/** When callers call: the mean of each hour of each weekday. @type {(t: Translate, locale: Locale, calls: readonly Hour[], first: number) => HTMLElement|null} */
export function heatTable(t, locale, calls, first) {
  const rows = heatMap(calls, first);
  if (!rows.length) return null;
  const most = Math.max(...rows.flatMap(({ cells }) => cells.map((cell) => cell ?? 0)));
  const numbers = new Intl.NumberFormat(locale.language, { maximumFractionDigits: most < 10 ? 1 : 0 });
  const hour = new Intl.DateTimeFormat(locale.language, {
    hour: "numeric",
    timeZone: "UTC",
    ...((locale.time_format === "12" || locale.time_format === "24") && { hour12: locale.time_format === "12" }),
  });
  const weekday = dayName(locale, { weekday: "short" });
  const days = Array.from({ length: WEEK }, (_, index) =>
    element("th", { scope: "col" }, weekday(SUNDAY + ((first + index) % WEEK))),
  );
  const body = rows.map(({ hour: at, cells }) => {
    const values = cells.map((value) => {
      const heat = Math.round((HOTTEST * (value ?? 0)) / most);
      // Where nobody calls nothing is to be read.
      const text = value ? numbers.format(value) : "";
      return element("td", { style: `--heat: ${heat}%` }, text);
    });
    const name = element("th", { scope: "row" }, hour.format(at * 3_600_000));
    return element("tr", { "data-hour": String(at) }, name, ...values);
  });
  const head = element("thead", {}, element("tr", {}, element("td"), ...days));
  const table = element("table", { class: "heat" }, head, element("tbody", {}, ...body));
  return part(t("trends_heat"), "heat", table, element("p", { class: "muted" }, t("trends_heat_help")));
}

/** This week so far beside the last one. @type {(t: Translate, locale: Locale, found: Record<string, readonly Hour[]>, now: Omit<Hour, "value">, first: number) => HTMLElement|null} */
export function weekTable(t, locale, found, now, first) {
  const rows = FIGURES.flatMap(([key, digits]) => {
    if (!found[key]?.length) return [];
    const numbers = new Intl.NumberFormat(locale.language, { maximumFractionDigits: digits });
    const { now: current, before } = weeks(found[key], now, first);
    const name = key === "talk_time" ? t("trends_talk_hours") : t(`figure_${key}`);
    const texts = [numbers.format(current), numbers.format(before), difference(locale, current, before)];
    const cells = texts.map((text) => element("td", {}, text));
    return [element("tr", { "data-figure": key }, element("th", { scope: "row" }, name), ...cells)];
  });
  if (!rows.length) return null;
  const heads = ["trends_this_week", "trends_last_week", "trends_change"].map((key) =>
    element("th", { scope: "col" }, t(key)),
  );
  const head = element("thead", {}, element("tr", {}, element("td"), ...heads));
  return part(t("trends_weeks"), "weeks", element("table", {}, head, element("tbody", {}, ...rows)));
}

/** @type {(locale: Locale, now: number, before: number) => string} */
function difference({ language }, now, before) {
  if (!before) return "–";
  const format = new Intl.NumberFormat(language, {
    style: "percent",
    maximumFractionDigits: 0,
    signDisplay: "exceptZero",
  });
  return format.format(now / before - 1);
}

/**
 * A bar for each day, of which `of` tells how long it is, what it says, and its level.
 * @type {(locale: Locale, days: readonly Day[], of: (value: number) => {share: number, text: string, level: string}) => HTMLElement}
 */
function dayBars(locale, days, of) {
  const name = dayName(locale, { weekday: "short", month: "short", day: "numeric" });
  const rows = days.map(({ day, value }) => {
    const { share, text, level } = of(value);
    const bar = element("span", { class: "bar", style: `--share: ${share}%` });
    const said = element("strong", {}, text);
    return element("li", { "data-day": String(day), "data-level": level }, element("span", {}, name(day)), bar, said);
  });
  return element("ul", { class: "bars", role: "list" }, ...rows);
}

/** The service level of each day against its goal. @type {(t: Translate, locale: Locale, levels: readonly Hour[], goal: number) => HTMLElement|null} */
export function levelBars(t, locale, levels, goal) {
  const days = lastOfEachDay(levels, MOST_DAYS);
  if (!days.length) return null;
  const hasGoal = Number.isFinite(goal);
  const list = dayBars(locale, days, (value) => {
    const level = hasGoal ? (value >= goal ? "ok" : "amber") : "unknown";
    return { share: value, text: `${Math.round(value)}%`, level };
  });
  const words = hasGoal ? [element("p", { class: "muted" }, t("strip_goal", { goal }))] : [];
  if (hasGoal) list.style.setProperty("--goal", `${goal}%`);
  return part(t("trends_service_level"), "service_level", list, ...words);
}

/** How long was talked each day, in hours where it is one: nobody thinks in tens of thousands of seconds. @type {(t: Translate, locale: Locale, talk: readonly Hour[]) => HTMLElement|null} */
export function talkBars(t, locale, talk) {
  const days = sumOfEachDay(talk, MOST_DAYS);
  const most = Math.max(...days.map(({ value }) => value));
  if (!days.length || !most) return null;
  const { unit, inAnHour } = unitOf(most);
  const numbers = new Intl.NumberFormat(locale.language, { style: "unit", unit, maximumFractionDigits: 1 });
  const of = (/** @type {number} */ value) => ({
    share: (100 * value) / most,
    text: numbers.format(value * inAnHour),
    level: "plain",
  });
  return part(t("trends_talk"), "talk_time", dayBars(locale, days, of));
}
