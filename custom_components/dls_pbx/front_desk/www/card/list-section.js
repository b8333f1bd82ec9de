/** List section: a section with a list, and what it says while that is empty. */

/** @import { Section } from "../data/model-types.js" */
/** @import { Row } from "../ui/keyed-list.js" */
/** @import { Context, Part } from "./section.js" */

import { element, setText } from "../ui/dom.js";
import { KeyedList } from "../ui/keyed-list.js";
import { section } from "./section.js";

/**
 * @template Item
 * @param {Context} context
 * @param {Section} name
 * @param {object} list
 * @param {() => readonly Item[]} list.items
 * @param {(item: Item) => string} list.key
 * @param {() => Row<Item>} list.build
 * @param {(item: Item) => boolean} [list.isOutdated] whether a row shows something else though its item did not change
 * @param {() => boolean} list.isUnknown whether an empty list says nothing
 * @param {() => string} [list.emptyText]
 * @param {Node[]} [list.above]
 * @returns {Part}
 */
export function listSection(context, name, { items, key, build, isOutdated, isUnknown, emptyText, above = [] }) {
  const { t } = context;
  const rows = element("ul", { role: "list", tabindex: "0", "aria-label": t(`section_${name}`) });
  const empty = element("p", { class: "empty" });
  const list = new KeyedList(rows, key, build, isOutdated);
  function render() {
    const found = items();
    list.render(found);
    rows.hidden = !found.length;
    empty.hidden = !rows.hidden;
    if (!found.length) setText(empty, isUnknown() ? t("state_unknown") : (emptyText?.() ?? t(`empty_${name}`)));
  }
  return { root: section(context, name, ...above, rows, empty), render, tick: (now) => list.tick(now) };
}
