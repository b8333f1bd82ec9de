/** Rows of the sections' lists: an icon, a title, words below it, how long it has been so, and how all write names. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { Context } from "./section.js" */

import { callerLink } from "../ui/caller-link.js";
import { element } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { clock, secondsSince } from "../ui/time.js";

const TEMPLATE = element("li", {}, icon(), element("div", {}, element("b"), element("small")), element("time"));

/** A new row with its parts; a copy, since there are hundreds of them. */
export function listRow() {
  const root = /** @type {HTMLElement} */ (TEMPLATE.cloneNode(true));
  const [svg, words, time] = /** @type {Iterable<any>} */ (root.children);
  const [title, detail] = words.children;
  return { root, svg, title, detail, time };
}

/**
 * The name of a caller, which opens what there is to know of them, where they have a number.
 * @type {(context: Context, title: HTMLElement) => (name: string, number: string|null) => void}
 */
export function callerTitle({ hass, settings, t }, title) {
  const link = callerLink({ t, hass, entryId: settings.config_entry_id });
  title.append(link.root);
  return link.update;
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

/**
 * What a clock counts from, words for the time before a talk, and a tooltip: where nobody saw the answer, the clock of a
 * talk counts the whole call.
 * @type {(t: Translate, isTalk: boolean, call: {since: string|null, answered: string|null}) => {from: string|null, wait?: string|false, title: string}}
 */
export function counted(t, isTalk, { since, answered }) {
  if (!isTalk || !answered) return { from: since, title: isTalk && since ? t("call_whole") : "" };
  const seconds = secondsSince(since, Date.parse(answered));
  return { from: answered, wait: !!seconds && t("call_waited", { time: clock(seconds) }), title: "" };
}

/** A caller's name and number, the more telling one first. @type {(t: Translate, who: {name: string|null, number: string|null}) => [string, string]} */
export const nameAndNumber = (t, { name, number }) => (name ? [name, number ?? ""] : [number || t("row_someone"), ""]);

/** A star before the name of somebody very important. @type {(who: {vip: boolean}, name: string) => string} */
export const vip = (who, name) => (who.vip ? `★ ${name}` : name);

/** @type {(context: Context, ids: readonly string[]) => string} */
export const queueNames = ({ store }, ids) => ids.map((id) => store.queues.get(id)?.name ?? id).join(", ");

/** @type {(words: (string|null|undefined|false)[]) => string} those that there are, in one line */
export const joined = (words) => words.filter(Boolean).join(" · ");
