/** View with the front desk, callbacks, messages and faxes: the first one of a PBX. */

/** @import { QueuePart } from "../../data/layout-types.js" */
/** @import { Card, ViewContext } from "../view-parts.js" */

import {
  COLUMNS,
  entityIds,
  frontDesk,
  logbook,
  queuePath,
  section,
  subsection,
  tiles,
  todoLists,
  view,
  wideTiles,
} from "../view-parts.js";

const FAXES_NOW = "faxes_queued faxes_processing";
const FAXES_SINCE_RESTART = "faxes_failed faxes_completed";

/** @type {(context: ViewContext) => Card[]} */
export function frontDeskView(context) {
  const { layout, desk, t, title } = context;
  const { pbx, queues } = layout;
  const sinceRestart = subsection(t("view_since_restart"), ...tiles(pbx, FAXES_SINCE_RESTART));
  return view(context, title, "overview", [
    frontDesk(desk),
    ...section(t("view_queues"), COLUMNS, ...queues.flatMap((queue) => queueLinks(context, queue))),
    ...section(t("view_callbacks"), 2, ...todoLists(pbx, "callbacks")),
    ...section(t("view_messages"), 2, ...wideTiles(pbx, "sms"), ...logbook(entityIds(pbx, "sms"))),
    ...section(t("view_faxes"), 2, ...tiles(pbx, FAXES_NOW), ...sinceRestart, ...logbook(entityIds(pbx, "fax"))),
  ]);
}

/** @type {(context: ViewContext, queue: QueuePart) => Card[]} none where the queue has a tab */
function queueLinks({ base, prefix, hasQueueLinks }, queue) {
  const tap_action = { action: "navigate", navigation_path: `${base}/${prefix}${queuePath(queue)}` };
  return hasQueueLinks ? tiles(queue, "callers_waiting", { name: queue.name, tap_action }) : [];
}
