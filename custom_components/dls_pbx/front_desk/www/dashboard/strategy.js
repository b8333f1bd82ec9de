/** Strategy of the dashboard `custom:dls-pbx`: its views, made from what there is and this user may read. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Card } from "./view-parts.js" */

import { frontDeskView } from "./views/front-desk.js";
import { historyView } from "./views/history.js";
import { phonesView } from "./views/phones.js";
import { queueView } from "./views/queue.js";

/** More of them do not fit beside each other at the top of a page. */
const MOST_TABS = 8;

/**
 * All views of these PBXs, as JSON.
 * @type {(layouts: readonly Layout[], t: Translate, base: string) => {views: Card[]}} `base`: the dashboard's own path
 */
export function dashboard(layouts, t, base) {
  const hasSeveral = layouts.length > 1;
  const views = layouts.flatMap((layout, index) => {
    const prefix = hasSeveral ? `${index + 1}-` : "";
    const title = hasSeveral ? layout.name : t("view_overview");
    const areQueuesSubviews = hasSeveral || layout.queues.length > MOST_TABS;
    const context = { layout, t, base, prefix, title, areQueuesSubviews };
    return [
      ...frontDeskView(context),
      ...layout.queues.flatMap((queue) => queueView(context, queue)),
      ...phonesView(context),
      ...historyView(context),
    ];
  });
  const nothing = { title: t("view_overview"), cards: [{ type: "markdown", content: t("view_nothing") }] };
  return { views: views.length ? views : [nothing] };
}
