/**
 * Card `custom:dls-pbx-trends`: when callers call, this week beside the last, and each day's service level and talk, out
 * of Home Assistant's statistics. What the browser's tests hold on to: `[data-trend]`, `[data-hour]` and `[data-day]`.
 */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Asking } from "../ui/asking.js" */
/** @import { Content } from "../ui/panel-card.js" */
/** @import { Hour, StatisticsRow } from "./hours.js" */

import { layoutOf } from "../ui/asking.js";
import { element } from "../ui/dom.js";
import { errorBand } from "../ui/error-band.js";
import { PanelCard } from "../ui/panel-card.js";
import { zoneOf } from "../ui/time.js";
import { firstWeekday, hours, wallClock } from "./hours.js";
import { heatTable, levelBars, talkBars, weekTable } from "./parts.js";
import { CSS } from "./style.js";

/** Home Assistant's form of the options. */
export const form = () => import("../ui/card-form.js").then((cardForm) => cardForm.form());

/** Four whole weeks, and what is new since then. */
const DAYS = 28;
const DAY = 86_400_000;
/** Statistics are written once an hour. */
const AGAIN = 600_000;

/** What is asked of statistics, by the figure; the PBX's own, not its queues'. @type {(layout: Layout) => Record<string, string>} */
function statisticIds({ pbx, statistics }) {
  const whole = statistics.filter(({ queue }) => queue === null);
  const found = Object.fromEntries(whole.map(({ key, id }) => [key, id]));
  const level = pbx.entities.service_level_today;
  return level ? { ...found, service_level: level } : found;
}

/** @type {(asking: Asking) => Content} */
function trends(asking) {
  const { t, hass } = asking;
  const band = errorBand(t, refresh);
  const place = element("div", { class: "trends" });
  const root = element("div", {}, band.root, place);
  /** @type {ReturnType<typeof setInterval>|undefined} */ let timer;

  async function refresh() {
    const layout = await layoutOf(asking);
    const ids = layout ? statisticIds(layout) : {};
    try {
      if (layout) place.replaceChildren(...(await shown(ids)));
      band.show(undefined);
    } catch (error) {
      band.show(error);
    }
  }

  /** @type {(ids: Record<string, string>) => Promise<Node[]>} */
  async function shown(ids) {
    const now = Date.now();
    /** @type {Record<string, StatisticsRow[]>} */
    const rows = await hass().callWS({
      type: "recorder/statistics_during_period",
      start_time: new Date(now - DAYS * DAY).toISOString(),
      statistic_ids: Object.values(ids),
      period: "hour",
      types: ["change", "mean"],
      units: { duration: "h" },
    });
    const { locale, states } = hass();
    const zone = zoneOf(hass());
    const of = (/** @type {string} */ key) => hours(rows[ids[key]] ?? [], zone);
    /** @type {Record<string, Hour[]>} */
    const found = Object.fromEntries(Object.keys(ids).map((key) => [key, of(key)]));
    if (!Object.values(found).some((list) => list.length))
      return [element("p", { class: "muted" }, t("trends_nothing"))];
    const first = firstWeekday(locale);
    const goal = Number(states[ids.service_level]?.attributes.goal ?? NaN);
    return [
      heatTable(t, locale, found.calls ?? [], first),
      weekTable(t, locale, found, wallClock(zone)(now), first),
      levelBars(t, locale, found.service_level ?? [], goal),
      talkBars(t, locale, found.talk_time ?? []),
    ].filter((part) => part !== null);
  }

  return {
    root,
    start() {
      void refresh();
      timer = setInterval(refresh, AGAIN);
    },
    stop() {
      clearInterval(timer);
      band.stop();
    },
    refresh,
  };
}

export class Card extends PanelCard {
  constructor() {
    super(CSS, trends);
  }
}
