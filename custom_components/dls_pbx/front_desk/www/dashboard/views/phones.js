/** View of all phones. */

/** @import { Card, ViewContext } from "../view-parts.js" */

import { frontDesk, view } from "../view-parts.js";

/** @type {(context: ViewContext) => Card[]} */
export function phonesView(context) {
  const { config_entry_id, phones } = context.layout;
  const sections = phones.length ? [frontDesk({ config_entry_id, sections: ["people"] })] : [];
  return view(context, context.t("section_phones"), "phones", sections);
}
