/** Filters of the call log: days, words, direction, outcome, queue and person. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Days, Period, Zone } from "./days.js" */

import { debounced } from "../ui/debounced.js";
import { element, setAttribute } from "../ui/dom.js";
import { PERIODS, bounds, daysOf } from "./days.js";

const DIRECTIONS = ["inbound", "outbound", "internal"];
export const OUTCOMES = ["answered", "missed", "voicemail", "abandoned", "fax"];
/** As wide as a phone, in pixels. */
const PHONE = 640;

/** @type {(label: string, field: HTMLElement) => HTMLElement} */
const labelled = (label, field) => element("label", {}, label, field);

/**
 * @typedef {object} Filters
 * @property {HTMLElement} root
 * @property {() => Days} days
 * @property {() => Record<string, string>} fields as the command takes them
 * @property {() => boolean} renew whether the days that were chosen are others by now: it may have become tomorrow
 * @property {(layout: Layout) => void} offer what there is to choose from
 * @property {() => void} stop
 */

/** @type {(t: Translate, zone: () => Zone, onChange: () => void) => Filters} */
export function callFilters(t, zone, onChange) {
  const search = element("input", { type: "search", "aria-label": t("log_search"), placeholder: t("log_search") });
  const [from, to] = [element("input", { type: "date" }), element("input", { type: "date" })];
  /** @type {Record<string, HTMLSelectElement>} */
  const selects = {};
  for (const name of ["direction", "outcome", "queue", "extension"])
    selects[name] = element("select", { name }, element("option", { value: "" }, t(`any_${name}`)));
  const { direction, outcome, queue, extension } = selects;
  for (const value of DIRECTIONS) direction.append(element("option", { value }, t(`call_${value}`)));
  for (const value of OUTCOMES) outcome.append(element("option", { value }, t(`outcome_${value}`)));

  const periods = PERIODS.map((period) => {
    const button = element("button", { type: "button", "data-period": period }, t(`period_${period}`));
    button.addEventListener("click", () => choose(period));
    return button;
  });
  const choices = element("div", { class: "row", role: "group", "aria-label": t("log_days") }, ...periods);
  const fields = element(
    "div",
    { class: "fields" },
    labelled(t("log_from"), from),
    labelled(t("log_to"), to),
    labelled(t("log_direction"), direction),
    labelled(t("log_outcome"), outcome),
    labelled(t("log_queue"), queue),
    labelled(t("log_extension"), extension),
  );
  const details = element("details", {}, element("summary", {}, t("log_filters")), fields);
  const root = element("div", { class: "filters", role: "search" }, search, choices, details);
  // As wide as it is when it is first seen.
  const observer = new ResizeObserver(() => {
    if (!root.clientWidth) return;
    details.open = root.clientWidth > PHONE;
    observer.disconnect();
  });
  observer.observe(root);

  /** @type {() => Days} */
  const days = () => ({ from: from.value, to: to.value });
  const later = debounced(onChange);

  /** @type {Period|undefined} */ let chosen;

  /** Which button stands for the days that are chosen. */
  function mark() {
    chosen = undefined;
    for (const button of periods) {
      const of = daysOf(/** @type {Period} */ (button.dataset.period), Date.now(), zone());
      const isChosen = of.from === from.value && of.to === to.value;
      if (isChosen) chosen = /** @type {Period} */ (button.dataset.period);
      setAttribute(button, "aria-pressed", String(isChosen));
    }
  }

  /** @param {Period} period */
  function choose(period) {
    ({ from: from.value, to: to.value } = daysOf(period, Date.now(), zone()));
    changed();
  }

  function changed() {
    mark();
    later.now();
  }

  ({ from: from.value, to: to.value } = daysOf("week", Date.now(), zone()));
  mark();
  search.addEventListener("input", later.soon);
  fields.addEventListener("change", changed);
  return {
    root,
    days,
    fields() {
      const selected = Object.entries(selects).map(([name, { value }]) => [name, value]);
      const given = [["search", search.value.trim()], ...selected].filter(([, value]) => value);
      return { ...Object.fromEntries(given), ...bounds(days(), zone()) };
    },
    renew() {
      const now = chosen ? daysOf(chosen, Date.now(), zone()) : days();
      if (now.from === from.value && now.to === to.value) return false;
      [from.value, to.value] = [now.from, now.to];
      return true;
    },
    offer({ queues, phones }) {
      for (const { id: value, name } of queues) queue.append(element("option", { value }, name));
      for (const { id: value, name, extension: number } of phones)
        extension.append(element("option", { value }, number ? `${name} (${number})` : name));
      labelOf(queue).hidden = !queues.length;
      labelOf(extension).hidden = !phones.length;
    },
    stop() {
      observer.disconnect();
      later.stop();
    },
  };
}

/** @type {(field: HTMLElement) => HTMLElement} */
const labelOf = (field) => /** @type {HTMLElement} */ (field.parentElement);
