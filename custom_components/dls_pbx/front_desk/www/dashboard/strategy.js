/** Strategy of the dashboard `custom:dls-pbx`: its views, made from what there is and this user may read. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { StrategyConfig } from "./strategy-config.js" */
/** @import { Card, ViewContext } from "./view-parts.js" */

import { chosen, chosenLayouts, withChosenQueues } from "./strategy-config.js";
import { callsView, listsView, messagesView } from "./views/card-views.js";
import { frontDeskView } from "./views/front-desk.js";
import { historyView } from "./views/history.js";
import { phonesView } from "./views/phones.js";
import { queueViews } from "./views/queue.js";

/** @typedef {{title: string, build: (context: ViewContext) => Card[]}} ViewKind `title`: the key of its name */

/** What can be chosen, in the order of the tabs. @type {Readonly<Record<string, ViewKind>>} */
export const VIEWS = {
  front_desk: { title: "view_overview", build: frontDeskView },
  messages: { title: "section_messages", build: messagesView },
  calls: { title: "section_calls", build: callsView },
  queues: { title: "view_queues", build: queueViews },
  phones: { title: "section_phones", build: phonesView },
  history: { title: "view_history", build: historyView },
  lists: { title: "view_lists", build: listsView },
};

/** More queues do not fit beside the other tabs at the top of a page. */
const MOST_TABS = 5;

/**
 * The views of these PBXs that were chosen, as JSON; `base` is the dashboard's own path.
 * @type {(layouts: readonly Layout[], t: Translate, base: string, config?: StrategyConfig, isAdmin?: boolean) => {views: Card[]}}
 */
export function dashboard(layouts, t, base, config = {}, isAdmin = false) {
  const shown = chosenLayouts(layouts, config);
  const names = chosen(Object.keys(VIEWS), config.views);
  const hasSeveral = shown.length > 1;
  const views = shown.flatMap((whole, index) => {
    const layout = withChosenQueues(whole, config);
    const prefix = hasSeveral ? `${index + 1}-` : "";
    const title = hasSeveral ? layout.name : t("view_overview");
    const areQueuesSubviews = hasSeveral || layout.queues.length > MOST_TABS;
    const hasQueueLinks = areQueuesSubviews && names.includes("queues");
    const { config_entry_id } = layout;
    const desk =
      layout === whole ? { config_entry_id } : { config_entry_id, queues: layout.queues.map(({ id }) => id) };
    const context = { layout, desk, t, base, prefix, title, isAdmin, areQueuesSubviews, hasQueueLinks };
    return names.flatMap((name) => VIEWS[name].build(context));
  });
  const nothing = { title: t("view_overview"), cards: [{ type: "markdown", content: t("view_nothing") }] };
  return { views: views.length ? views : [nothing] };
}
