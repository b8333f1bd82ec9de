/** What all sections of the front desk have in common. */

/**
 * @import { Store } from "../data/store.js"
 * @import { Row } from "../ui/dom.js"
 * @import { Hass } from "../ui/home-assistant-types.js"
 * @import { Section, Settings, Translate } from "../data/model-types.js"
 */

/**
 * @typedef {object} Context what all parts of one card share
 * @property {Store} desk
 * @property {Settings} settings
 * @property {Translate} t
 * @property {() => Hass} hass as it is now
 * @property {() => number} now by Home Assistant's clock
 * @property {(recipient: string) => void} compose begin a text message
 */

/** @typedef {{element: HTMLElement, render: () => void, tick?: (now: number) => void}} Part */

import { List, icon, make, say } from "../ui/dom.js";
import { secondsSince } from "../ui/time.js";

/**
 * A section with a title.
 * @type {(context: Context, name: Section, ...children: Node[]) => HTMLElement}
 */
export function titled({ t }, name, ...children) {
  const title = t(`section_${name}`);
  return make("section", { "data-section": name, "aria-label": title }, make("h2", {}, title), ...children);
}

/**
 * A section with a list, and what it says while that is empty.
 * @template Item
 * @param {Context} context
 * @param {Section} name
 * @param {() => readonly Item[]} items
 * @param {(item: Item) => string} key
 * @param {() => Row<Item>} build
 * @param {{unknown: () => boolean, empty?: () => string, above?: Node[], again?: (item: Item) => boolean}} how `unknown`: whether an
 *   empty list says nothing; `again`: whether an entry shows something else though its item did not change
 * @returns {Part}
 */
export function listed(context, name, items, key, build, { unknown, empty, above = [], again }) {
  const { t } = context;
  const entries = make("ul", { role: "list", tabindex: "0", "aria-label": t(`section_${name}`) });
  const nothing = make("p", { class: "empty" });
  const list = new List(entries, key, build);
  function render() {
    const found = items();
    list.render(found, again);
    entries.hidden = !found.length;
    nothing.hidden = !entries.hidden;
    if (!found.length) say(nothing, unknown() ? t("state_unknown") : (empty?.() ?? t(`empty_${name}`)));
  }
  return { element: titled(context, name, ...above, entries, nothing), render, tick: (now) => list.tick(now) };
}

/** What one entry consists of: a shape, a name, words below it, and how long it has been so. */
const PATTERN = make("li", {}, icon(), make("div", {}, make("b"), make("small")), make("time"));

/** A new entry with its parts; a copy, since there are hundreds of them. */
export function entry() {
  const element = /** @type {HTMLElement} */ (PATTERN.cloneNode(true));
  const [shape, words, time] = /** @type {Iterable<any>} */ (element.children);
  const [title, detail] = words.children;
  return { element, shape, title, detail, time };
}

/**
 * Counts from a moment on: `show` gets the seconds at once and at each tick, null where nobody knows.
 * @type {(context: Context, show: (seconds: number|null) => void) => {begin: (since: string|null) => void, tick: (now: number) => void}}
 */
export function timer(context, show) {
  /** @type {string|null} */ let since = null;
  /** @param {number} now */
  const tick = (now) => show(secondsSince(since, now));
  /** @param {string|null} when */
  const begin = (when) => {
    since = when;
    tick(context.now());
  };
  return { begin, tick };
}
