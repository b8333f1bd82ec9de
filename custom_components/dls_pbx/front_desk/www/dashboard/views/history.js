/** View of the history: what each day brought, and what happened. */

/** @import { Layout } from "../../data/layout-types.js" */
/** @import { Card, ViewContext } from "../view-parts.js" */

import { COLUMNS, FULL_WIDTH, TODAY, dayBars, entityIds, logbook, section, tiles, view } from "../view-parts.js";

const FAXES_SINCE_RESTART = "faxes_completed faxes_failed";
const NOW = "connected active_calls phones_registered phones_unregistered";

/** @type {(layout: Layout) => Card} */
const trendsOf = ({ config_entry_id }) => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [{ type: "custom:dls-pbx-trends", config_entry_id, ...FULL_WIDTH }],
});

/** @type {(context: ViewContext) => Card[]} */
export function historyView(context) {
  const { layout, t } = context;
  const { pbx, queues, statistics } = layout;
  const names = new Map(queues.map(({ id, name }) => [id, name]));
  /** `isWhole`: of the PBX, not of its queues. @type {(title: string, keys: string[], isWhole: boolean) => Card[]} */
  const bars = (title, keys, isWhole) => {
    const series = statistics.filter(({ key, queue }) => keys.includes(key) && isWhole === (queue === null));
    const named = series.map(({ id, key, queue }) => ({
      entity: id,
      name: names.get(queue ?? "") ?? t(`figure_${key}`),
    }));
    return dayBars(title, named);
  };
  const [calls, missed] = ["calls", "missed_calls"].map((key) => t(`figure_${key}`));
  const events = [...entityIds(pbx, "call sms fax"), ...queues.flatMap((queue) => entityIds(queue, "queue"))];
  return view(context, t("view_history"), "history", [
    ...section(t("view_today"), COLUMNS, ...tiles(pbx, `${NOW} ${TODAY}`)),
    ...(statistics.some(({ queue }) => queue === null) ? [trendsOf(layout)] : []),
    ...section(t("view_days"), 2, ...bars(calls, ["calls", "missed_calls", "abandoned_calls"], true)),
    ...section(t("view_queues"), 2, ...bars(calls, ["calls"], false), ...bars(missed, ["missed_calls"], false)),
    ...section(t("view_since_restart"), COLUMNS, ...tiles(pbx, FAXES_SINCE_RESTART)),
    ...section(t("view_events"), COLUMNS, ...logbook(events)),
  ]);
}
