/** Section of the queues: a table of what each has, and of all together. */

/** @import { Level } from "../../data/model-types.js" */
/** @import { QueueFigures, QueuesTotal } from "../../data/queue-figures.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import {
  freeLevel,
  level,
  longestWait,
  queueFigures,
  queuesTotal,
  serviceLevelLevel,
  waitLevel,
} from "../../data/queue-figures.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { icon, setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { clock } from "../../ui/time.js";
import { deviceLink } from "../device-link.js";
import { section } from "../section.js";

/** What there is to see of a queue. */
const COLUMNS = /** @type {const} */ (["waiting", "longest", "free", "busy", "paused", "service_level", "abandoned"]);

/** @typedef {{text: string, level?: Level}} Cell */
/** @typedef {Omit<QueuesTotal, "isUnattended">} Figures of one queue, or of all */

/** @type {(figures: Figures, now: number, settings: Context["settings"]) => Record<typeof COLUMNS[number], Cell>} */
function cells(figures, now, settings) {
  const seconds = longestWait(figures, now);
  const { waiting, free, busy, paused, service_level, goal, abandoned } = figures;
  const share = service_level === null ? null : `${Math.round(service_level)}%`;
  const number = (/** @type {number|string|null} */ value) => String(value ?? "–");
  const isWaiting = waiting !== 0;
  return {
    waiting: { text: number(waiting), level: level(waiting, settings.waiting_amber, settings.waiting_red) },
    longest: { text: isWaiting ? clock(seconds) : "", level: isWaiting ? waitLevel(seconds, settings) : "ok" },
    free: { text: number(free), level: freeLevel(free, waiting) },
    busy: { text: number(busy) },
    paused: { text: number(paused) },
    service_level: { text: number(share), level: serviceLevelLevel(service_level, goal, settings) },
    abandoned: { text: number(abandoned) },
  };
}

/** How urgent a row is: what its callers have to wait for, and not what the day has brought. @type {(row: Record<string, Cell>) => Level} */
function urgency({ waiting, longest, free }) {
  const levels = [waiting.level, longest.level, free.level];
  return levels.includes("red")
    ? "red"
    : [waiting.level, longest.level].includes("amber")
      ? "amber"
      : (waiting.level ?? "unknown");
}

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t, now } = context;
  const head = element("tr", {}, element("th", { scope: "col" }, t("queue_name")));
  for (const name of COLUMNS) head.append(element("th", { scope: "col", "data-column": name }, t(`queue_${name}`)));
  const body = element("tbody");
  const total = tableRow(context, settings);
  const foot = element("tfoot", {}, total.root);
  const table = element("table", {}, element("thead", {}, head), body, foot);
  const empty = element("p", { class: "empty" }, t("state_unknown"));
  const root = section(context, "queues", table, empty);

  /** @returns {Row<QueueFigures>} */
  function build() {
    const row = tableRow(context, settings);
    /** @type {QueueFigures|undefined} */ let shown;
    /** @param {number} moment */
    const tick = (moment) => shown?.since && row.show(shown, moment);
    /** @param {QueueFigures} queue */
    function update(queue) {
      shown = queue;
      setAttribute(row.root, "data-queue", queue.id);
      row.setName(queue.name, queue.device_id);
      row.show(queue, now());
    }
    return { root: row.root, update, tick };
  }
  const list = new KeyedList((/** @type {QueueFigures} */ { id }) => id, build, body);

  const showTotal = (/** @type {number} */ moment) => total.show(queuesTotal(store, settings)[0], moment);
  function render() {
    const queues = queueFigures(store, settings);
    list.render(queues);
    table.hidden = !queues.length;
    empty.hidden = !table.hidden;
    foot.hidden = queues.length < 2;
    total.setName(t("queue_all"), null);
    showTotal(now());
  }
  /** @param {number} moment */
  function tick(moment) {
    list.tick(moment);
    showTotal(moment);
  }
  return { root, render, tick };
}

/** @type {(context: Context, settings: Context["settings"]) => {root: HTMLElement, setName: (name: string, deviceId: string|null) => void, show: (figures: Figures, now: number) => void}} */
function tableRow(context, settings) {
  const svg = icon();
  const name = deviceLink(context);
  const meaning = element("span", { class: "spoken" });
  const places = COLUMNS.map((column) => element("td", { "data-column": column }));
  const root = element(
    "tr",
    {},
    element("th", { scope: "row" }, element("span", {}, svg, name.root, meaning)),
    ...places,
  );
  /** @type {(figures: Figures, now: number) => void} */
  function show(figures, now) {
    const row = cells(figures, now, settings);
    const urgent = urgency(row);
    setAttribute(root, "data-level", urgent);
    setIcon(svg, urgent);
    setText(meaning, `, ${context.t(`level_${urgent}`)}`);
    places.forEach((place, index) => {
      const cell = row[COLUMNS[index]];
      setText(place, cell.text);
      setAttribute(place, "data-level", cell.level ?? "ok");
    });
  }
  return { root, setName: name.show, show };
}
