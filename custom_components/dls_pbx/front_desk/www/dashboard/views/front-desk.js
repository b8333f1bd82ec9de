/** View with the front desk: the first one of a PBX. And the same on a wall, to which it leads. */

/** @import { QueuePart } from "../../data/layout-types.js" */
/** @import { Card, ViewContext } from "../view-parts.js" */

import { COLUMNS, frontDesk, queuePath, section, tiles, view } from "../view-parts.js";

const WALL = "wall";

/** @type {(context: ViewContext) => Card[]} */
export function frontDeskView(context) {
  const { layout, desk, t, title, base, prefix } = context;
  const tap_action = { action: "navigate", navigation_path: `${base}/${prefix}${WALL}` };
  const onWall = {
    type: "heading",
    heading: t("view_wall"),
    heading_style: "subtitle",
    icon: "mdi:monitor",
    tap_action,
  };
  const wall = { type: "custom:dls-pbx-front-desk", ...desk, title: layout.name, wall: true };
  return [
    ...view(context, title, "overview", [
      frontDesk(desk),
      ...section(t("view_queues"), COLUMNS, ...layout.queues.flatMap((queue) => queueLinks(context, queue))),
      { type: "grid", column_span: COLUMNS, cards: [onWall] },
    ]),
    { title: t("view_on_wall"), path: prefix + WALL, type: "panel", subview: true, cards: [wall] },
  ];
}

/** @type {(context: ViewContext, queue: QueuePart) => Card[]} none where the queue has a tab */
function queueLinks({ base, prefix, hasQueueLinks }, queue) {
  const tap_action = { action: "navigate", navigation_path: `${base}/${prefix}${queuePath(queue)}` };
  return hasQueueLinks ? tiles(queue, "callers_waiting", { name: queue.name, tap_action }) : [];
}
