/** List row: an icon, a title, words below it, and how long it has been so. */

/** @import { Context } from "./section.js" */

import { element } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { secondsSince } from "../ui/time.js";

const TEMPLATE = element("li", {}, icon(), element("div", {}, element("b"), element("small")), element("time"));

/** A new row with its parts; a copy, since there are hundreds of them. */
export function listRow() {
  const root = /** @type {HTMLElement} */ (TEMPLATE.cloneNode(true));
  const [svg, words, time] = /** @type {Iterable<any>} */ (root.children);
  const [title, detail] = words.children;
  return { root, svg, title, detail, time };
}

/**
 * Counts from a moment on: `show` gets the seconds at once and at each tick, null where nobody knows.
 * @type {(context: Context, show: (seconds: number|null) => void) => {start: (since: string|null) => void, tick: (now: number) => void}}
 */
export function elapsedTimer(context, show) {
  /** @type {string|null} */ let since = null;
  /** @param {number} now */
  const tick = (now) => show(secondsSince(since, now));
  /** @param {string|null} when */
  const start = (when) => {
    since = when;
    tick(context.now());
  };
  return { start, tick };
}
