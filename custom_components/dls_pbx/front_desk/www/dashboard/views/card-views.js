/** Views that are one card each: messages, calls, and the consent lists for administrators. */

/** @import { Card, ViewContext } from "../view-parts.js" */

import { COLUMNS, FULL_WIDTH, view } from "../view-parts.js";

/** @type {(context: ViewContext, title: string, path: string, type: string) => Card[]} */
function cardView(context, title, path, type) {
  const { config_entry_id } = context.layout;
  const card = { type: `custom:dls-pbx-${type}`, config_entry_id, ...FULL_WIDTH };
  return view(context, context.t(title), path, [{ type: "grid", column_span: COLUMNS, cards: [card] }]);
}

/** For who may read texts. @type {(context: ViewContext) => Card[]} */
export const messagesView = (context) =>
  context.layout.pbx.entities.sms ? cardView(context, "section_messages", "messages", "messages") : [];

/** For who may read of calls that have ended. @type {(context: ViewContext) => Card[]} */
export const callsView = (context) =>
  context.layout.pbx.entities.call ? cardView(context, "section_calls", "calls", "call-log") : [];

/** @type {(context: ViewContext) => Card[]} */
export const listsView = (context) => (context.isAdmin ? cardView(context, "view_lists", "lists", "lists") : []);
