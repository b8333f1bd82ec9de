/**
 * Card `custom:dls-pbx-call-log`. What the browser's tests hold on to: `[data-call]`, `[data-period]`, `[data-do]` and
 * `[data-band]`.
 */

/** @import { LoggedCall } from "../data/records-types.js" */
/** @import { Asking } from "../ui/asking.js" */
/** @import { Hass } from "../ui/home-assistant-types.js" */
/** @import { Content } from "../ui/panel-card.js" */
/** @import { AskCalls } from "./export.js" */

import { Records } from "../data/records.js";
import { layoutOf } from "../ui/asking.js";
import { debounced } from "../ui/debounced.js";
import { element, setAttribute, setText } from "../ui/dom.js";
import { errorBand, readErrorText } from "../ui/error-band.js";
import { KeyedList } from "../ui/keyed-list.js";
import { moreButton } from "../ui/more.js";
import { PanelCard } from "../ui/panel-card.js";
import { COLUMNS, callRow } from "./call-row.js";
import { callFilters } from "./filters.js";
import { CSS } from "./style.js";

const PAGE = 100;
/** What the event of the PBX says of calls that are on record from then on. */
const ON_RECORD = ["ended", "missed", "voicemail"];

/** Home Assistant's form of the options. */
export const form = () => import("../ui/card-form.js").then((cardForm) => cardForm.form());

/** @type {(asking: Asking) => Content} */
function callLog(asking) {
  const { t, hass, ask } = asking;
  /** @type {Map<string, string>} */ let queues = new Map();
  /** @type {(id: string) => string} */
  const queueName = (id) => queues.get(id) ?? id;
  /** @type {Records<LoggedCall>} */ const records = new Records(({ time }) => time, render);
  const filters = callFilters(t, hass, look);
  const band = errorBand(t, () => records.restart());
  const count = element("p", { role: "status", class: "muted" });
  const save = element("button", { type: "button", "data-do": "export" }, t("do_export"));
  const told = element("p", { role: "status", class: "told" });
  const tools = element("div", { class: "row tools" }, count, told, save);
  const heads = COLUMNS.map((name) => element("th", { role: "columnheader", scope: "col" }, t(`column_${name}`)));
  const head = element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads));
  const list = new KeyedList(
    ({ id }) => id,
    () => callRow(asking, queueName),
    element("tbody", { role: "rowgroup" }),
  );
  const table = element("table", { role: "table", "aria-label": t("log_title") }, head, list.root);
  const more = moreButton(t, () => records.next());
  const place = element("div", { class: "place" }, table, element("div", { class: "end" }, more.root));
  const title = element("h2", {}, t("log_title"));
  const root = element("div", { class: "panel-parts" }, title, filters.root, tools, band.root, place);

  /** What is looked for, as it is now. @returns {AskCalls} */
  function question() {
    const fields = filters.fields();
    return async (before, limit) => {
      const command = /** @type {typeof ask<{calls: LoggedCall[], more: boolean, reached: string|null}>} */ (ask);
      const { calls: rows, more, reached } = await command("call_log", { ...fields, limit, ...(before && { before }) });
      return { rows, more, reached };
    };
  }

  function look() {
    const asked = question();
    void records.restart((before) => asked(before, PAGE));
  }

  function render() {
    const { rows, isLoading, error, isCut } = records;
    list.render(rows);
    table.hidden = !rows.length;
    const found = records.more ? t("log_so_far", { count: rows.length }) : t("log_found", { count: rows.length });
    const words = isCut ? [found, t("log_cut")] : [found];
    setText(count, error ? "" : isLoading && !rows.length ? t("band_connecting") : words.join(" "));
    setAttribute(place, "aria-busy", String(isLoading));
    more.show(records.more, isLoading, isCut);
    band.show(error);
  }

  let isSaving = false;
  let isThere = true;
  async function saveAll() {
    if (isSaving) return;
    setSaving(true);
    const [days, asked] = [filters.days(), question()];
    const { fileName, readAll, save: saveFile } = await import("./export.js");
    try {
      const onRead = (/** @type {number} */ read) => setText(told, t("log_exporting", { count: read }));
      const { calls, isCut } = await readAll(asked, onRead, () => isThere);
      if (!isThere) return;
      const name = fileName(days, Date.now(), hass());
      saveFile(calls, t, hass(), queueName, name);
      const counted = { count: calls.length, name };
      setText(told, isCut ? t("log_exported_cut", counted) : t("log_exported", counted));
    } catch (error) {
      setText(told, t("log_export_failed", { reason: readErrorText(t, error) }));
    }
    setSaving(false);
  }

  /** @param {boolean} now */
  function setSaving(now) {
    isSaving = now;
    setAttribute(save, "aria-disabled", String(now));
  }
  save.addEventListener("click", saveAll);

  async function start() {
    look();
    const layout = await layoutOf(asking);
    if (!layout) return;
    entity = layout.pbx.entities.call;
    queues = new Map(layout.queues.map(({ id, name }) => [id, name]));
    filters.offer(layout);
    list.render([]);
    render();
  }

  function refresh() {
    if (filters.renew() || records.error) look();
    else void records.refresh();
  }

  /** @type {string|undefined} */ let entity;
  /** @type {object|undefined} */ let last;
  const soon = debounced(refresh);

  /** Home Assistant hears of calls by itself: nobody has to ask on the chance of news. @param {Hass} now */
  function update({ states }) {
    const event = states[entity ?? ""];
    const isNew = last && event !== last;
    last = event;
    if (isNew && ON_RECORD.includes(String(event?.attributes.event_type))) soon.soon();
  }

  function stop() {
    isThere = false;
    soon.stop();
    filters.stop();
    more.stop();
    band.stop();
    records.stop();
  }
  return { root, start, stop, refresh, update };
}

export class Card extends PanelCard {
  constructor() {
    super(CSS, callLog);
  }
}
