/** Sections of the card: what they get, what they are to the card, their frame with a title, and the list in most. */

/**
 * @import { Section, Settings, Translate } from "../data/model-types.js"
 * @import { Store } from "../data/store.js"
 * @import { Hass } from "../ui/home-assistant-types.js"
 * @import { KeyedList } from "../ui/keyed-list.js"
 */

/**
 * @typedef {object} Context what all parts of one card share
 * @property {Store} store
 * @property {Settings} settings
 * @property {Translate} t
 * @property {() => Hass} hass as it is now
 * @property {() => number} now by Home Assistant's clock
 * @property {(recipient: string) => void} compose begin a text message
 */

/** @typedef {{root: HTMLElement, render: () => void, tick?: (now: number) => void, compose?: (recipient: string) => void}} Part */

import { element, setAttribute, setText } from "../ui/dom.js";
import { tabOf } from "./tabs.js";

/**
 * The frame of a section.
 * @type {(context: Context, name: Section, ...children: Node[]) => HTMLElement}
 */
export function section({ t }, name, ...children) {
  const title = t(`section_${name}`);
  const attributes = { "data-section": name, "data-in": tabOf(name), "aria-label": title };
  return element("section", attributes, element("h2", {}, title), ...children);
}

/**
 * A section with a list, and what it says while that is empty; one that only tells that there is nothing takes no room.
 * @template Item
 * @param {Context} context
 * @param {Section} name
 * @param {KeyedList<Item>} list
 * @param {() => readonly Item[]} items
 * @param {object} more
 * @param {() => boolean} more.isUnknown whether an empty list says nothing
 * @param {() => string} [more.emptyText]
 * @param {Node[]} [more.above]
 * @param {boolean} [more.isHiddenEmpty]
 * @returns {Part}
 */
export function listSection(context, name, list, items, { isUnknown, emptyText, above = [], isHiddenEmpty = false }) {
  const { t } = context;
  const empty = element("p", { class: "empty" });
  setAttribute(list.root, "aria-label", t(`section_${name}`));
  function render() {
    const found = items();
    list.render(found);
    list.root.hidden = !found.length;
    empty.hidden = !list.root.hidden;
    const isUnsure = !found.length && isUnknown();
    if (!found.length) setText(empty, isUnsure ? t("state_unknown") : (emptyText?.() ?? t(`empty_${name}`)));
    root.hidden = isHiddenEmpty && !found.length && !isUnsure;
  }
  const root = section(context, name, ...above, list.root, empty);
  return { root, render, tick: (now) => list.tick(now) };
}
