/** Section: what the parts of the card get, what they are to the card, and their frame with a title. */

/**
 * @import { Section, Settings, Translate } from "../data/model-types.js"
 * @import { Store } from "../data/store.js"
 * @import { Hass } from "../ui/home-assistant-types.js"
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

/** @typedef {{root: HTMLElement, render: () => void, tick?: (now: number) => void}} Part */

import { element } from "../ui/dom.js";

/**
 * The frame of a section.
 * @type {(context: Context, name: Section, ...children: Node[]) => HTMLElement}
 */
export function section({ t }, name, ...children) {
  const title = t(`section_${name}`);
  return element("section", { "data-section": name, "aria-label": title }, element("h2", {}, title), ...children);
}
