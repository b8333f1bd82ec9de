/** View of one queue: its callers and agents, its figures, and graphs of who waits and of the service level. */

/** @import { QueuePart } from "../../data/layout-types.js" */
/** @import { Card, ViewContext } from "../view-parts.js" */

import { TODAY, entityIds, frontDesk, historyGraph, queuePath, section, tiles, view } from "../view-parts.js";

const NOW = "callers_waiting longest_wait agents_available agents_on_call agents_paused agents_logged_in";
/** The PBX counts these itself, and from 0 on when it has been restarted: no figures of today. */
const SINCE_RESTART = "completed_calls lost_calls abandon_rate hold_time";

/** @type {(context: ViewContext) => Card[]} */
export const queueViews = (context) => context.layout.queues.flatMap((queue) => queueView(context, queue));

/** @type {(context: ViewContext, queue: QueuePart) => Card[]} */
function queueView(context, queue) {
  const { layout, t, areQueuesSubviews: subview } = context;
  const graphs = [
    ...historyGraph(t("strip_waiting"), entityIds(queue, "callers_waiting")),
    ...historyGraph(t("strip_service_level"), entityIds(queue, "service_level_today")),
  ];
  const figures = [
    ...section(t("view_now"), 2, ...tiles(queue, NOW)),
    ...section(t("view_today"), 2, ...tiles(queue, TODAY)),
    ...section(t("view_since_restart"), 2, ...tiles(queue, SINCE_RESTART)),
    ...section(t("view_graphs"), 2, ...graphs),
  ];
  const { config_entry_id } = layout;
  const sections = ["queues", "waiting", "people", "callbacks", "figures", "sms"];
  const people = figures.length ? [frontDesk({ config_entry_id, queues: [queue.id], sections })] : [];
  return view(context, queue.name, queuePath(queue), [...people, ...figures], { subview });
}
