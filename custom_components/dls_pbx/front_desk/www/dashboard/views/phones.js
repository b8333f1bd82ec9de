/** View of all phones. */

/** @import { Card } from "../cards.js" */
/** @import { ViewContext } from "../view.js" */

import { frontDesk } from "../cards.js";
import { view } from "../view.js";

/** @type {(context: ViewContext) => Card[]} */
export function phonesView(context) {
  const { config_entry_id, phones } = context.layout;
  const sections = phones.length ? [frontDesk({ config_entry_id, sections: ["phones"] })] : [];
  return view(context, context.t("section_phones"), "phones", sections);
}
