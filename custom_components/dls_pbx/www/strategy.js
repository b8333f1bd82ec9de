/** The dashboard `custom:dls-pbx`, made from what there is and this user may read; built-in cards wherever they serve. */

/**
 * @import { Hass } from "./home-assistant.js"
 * @import { Layout, Part, QueuePart } from "./layout-types.js"
 * @import { Translate } from "./model-types.js"
 */

/** @typedef {Record<string, unknown>} Card */
/** @typedef {Card[]} Sections */

import { texts } from "./texts.js";

/** More of them do not fit beside each other at the top of a page. */
const MOST_TABS = 8;
const COLUMNS = 4;
const WIDE = { grid_options: { columns: "full" } };

const QUEUE_NOW = "callers_waiting longest_wait agents_available agents_on_call agents_paused agents_logged_in";
const TODAY = "calls_today missed_calls_today abandoned_calls_today answer_speed_today talk_time_today abandon_rate";
const PBX_NOW = "connected active_calls phones_registered phones_unregistered";
const FAXES = "faxes_queued faxes_processing faxes_failed faxes_completed";

/** @type {(part: Part, keys: string) => string[]} the entities that are there */
const those = ({ entities }, keys) => keys.split(" ").flatMap((key) => entities[key] ?? []);

/** @type {(part: Part, keys: string, more?: Card) => Card[]} */
const tiles = (part, keys, more) =>
  those(part, keys).map((entity) => ({ type: "tile", entity, name: { type: "entity" }, ...more }));

/** @type {(heading: string, icon: string, cards: Card[], column_span?: number) => Sections} none where it would be empty */
const section = (heading, icon, cards, column_span = 1) =>
  cards.length ? [{ type: "grid", column_span, cards: [{ type: "heading", heading, icon }, ...cards] }] : [];

/** @type {(title: string, path: string, icon: string, sections: Sections, more?: Card) => Card[]} */
const view = (title, path, icon, sections, more) =>
  sections.length ? [{ title, path, icon, type: "sections", max_columns: COLUMNS, sections, ...more }] : [];

/** @type {(config: Card) => Sections} the front desk, over the whole width */
const desk = (config) => [
  { type: "grid", column_span: COLUMNS, cards: [{ type: "custom:dls-pbx-front-desk", ...config, ...WIDE }] },
];

/** @type {(type: string, entities: string[], more: Card) => Card[]} one card for all of them */
const together = (type, entities, more) => (entities.length ? [{ type, ...more, ...WIDE }] : []);

/** @type {(entities: string[]) => Card[]} */
const logbook = (entities) => together("logbook", entities, { target: { entity_id: entities }, hours_to_show: 24 });

/** @type {(entities: string[], title: string) => Card[]} */
const graph = (entities, title) => together("history-graph", entities, { title, entities, hours_to_show: 12 });

/** @type {(prefix: string, queue: QueuePart) => string} */
const path = (prefix, { id }) => `${prefix}queue-${id.replace(/[^\p{L}\p{N}]+/gu, "-")}`;

/** @type {(layout: Layout, t: Translate, prefix: string, title: string, links: Card[]) => Card[]} */
const overview = ({ config_entry_id, pbx }, t, prefix, title, links) =>
  view(title, `${prefix}overview`, "mdi:phone-in-talk", [
    ...desk({ config_entry_id }),
    ...section(t("view_queues"), "mdi:account-group", links, COLUMNS),
    ...section(
      t("view_callbacks"),
      "mdi:phone-return",
      those(pbx, "callbacks").map((entity) => ({ type: "todo-list", entity, ...WIDE })),
    ),
    ...section(t("view_messages"), "mdi:message-text", [...tiles(pbx, "sms", WIDE), ...logbook(those(pbx, "sms"))]),
    ...section(t("view_faxes"), "mdi:fax", [...tiles(pbx, FAXES), ...logbook(those(pbx, "fax"))]),
    ...section(t("view_today"), "mdi:phone", tiles(pbx, `${PBX_NOW} ${TODAY}`)),
  ]);

/** @type {(layout: Layout, queue: QueuePart, t: Translate, prefix: string, subview: boolean) => Card[]} */
function queueView({ config_entry_id }, queue, t, prefix, subview) {
  const [waiting, level] = [those(queue, "callers_waiting"), those(queue, "service_level_today")];
  const gauge = level.map((entity) => ({
    ...{ type: "gauge", entity, name: t("strip_service_level"), needle: true, min: 0, max: 100 },
    severity: { green: 80, yellow: 60, red: 0 },
  }));
  const graphs = [...graph(waiting, t("strip_waiting")), ...graph(level, t("strip_service_level"))];
  const sections = [
    ...section(t("view_now"), "mdi:account-clock", tiles(queue, QUEUE_NOW)),
    ...section(t("view_today"), "mdi:calendar-today", [...tiles(queue, TODAY), ...gauge]),
    ...section(t("view_graphs"), "mdi:chart-line", graphs, 2),
  ];
  if (!sections.length) return [];
  const agents = desk({ config_entry_id, queues: [queue.id], sections: ["waiting", "agents", "missed"] });
  return view(queue.name, path(prefix, queue), "mdi:account-group", [...agents, ...sections], { subview });
}

/** @type {(layout: Layout, t: Translate, prefix: string) => Card[]} */
const phoneView = ({ config_entry_id, pbx, phones }, t, prefix) =>
  view(t("section_phones"), `${prefix}phones`, "mdi:card-account-phone", [
    ...section(t("view_now"), "mdi:phone", phones.length ? tiles(pbx, PBX_NOW) : [], COLUMNS),
    ...(phones.length ? desk({ config_entry_id, sections: ["phones"] }) : []),
  ]);

/** @type {(layout: Layout, t: Translate, prefix: string) => Card[]} */
function historyView({ pbx, queues, statistics }, t, prefix) {
  const names = new Map(queues.map(({ id, name }) => [id, name]));
  /** @type {(title: string, keys: string, whole: boolean) => Card[]} */
  const bars = (title, keys, whole) => {
    const series = statistics.filter(({ key, queue }) => keys.split(" ").includes(key) && whole === (queue === null));
    const entities = series.map(({ id: entity, key, queue }) => ({
      entity,
      name: names.get(queue ?? "") ?? t(`figure_${key}`),
    }));
    const form = { chart_type: "bar", period: "day", days_to_show: 30, stat_types: ["change"] };
    return together(
      "statistics-graph",
      series.map(({ id }) => id),
      { title, entities, ...form },
    );
  };
  const [calls, missed] = [t("figure_calls"), t("figure_missed_calls")];
  const events = [...those(pbx, "call sms fax"), ...queues.flatMap((queue) => those(queue, "queue"))];
  return view(t("view_history"), `${prefix}history`, "mdi:chart-bar", [
    ...section(t("view_days"), "mdi:chart-bar", bars(calls, "calls missed_calls abandoned_calls", true), 2),
    ...section(t("view_talk"), "mdi:account-voice", bars(t("figure_talk_time"), "talk_time", true), 2),
    ...section(
      t("view_queues"),
      "mdi:account-group",
      [...bars(calls, "calls", false), ...bars(missed, "missed_calls", false)],
      2,
    ),
    ...section(t("view_events"), "mdi:history", logbook(events), 2),
  ]);
}

/**
 * All views of these PBXs, as JSON.
 * @type {(layouts: readonly Layout[], t: Translate, base: string) => {views: Card[]}} `base`: the dashboard's own path
 */
export function dashboard(layouts, t, base) {
  const several = layouts.length > 1;
  const views = layouts.flatMap((layout, index) => {
    const prefix = several ? `${index + 1}-` : "";
    // Views that are not among the tabs: the overview leads to them.
    const subview = several || layout.queues.length > MOST_TABS;
    /** @param {QueuePart} queue */
    const link = (queue) => {
      const tap_action = { action: "navigate", navigation_path: `${base}/${path(prefix, queue)}` };
      return tiles(queue, "callers_waiting", { name: queue.name, tap_action });
    };
    return [
      ...overview(
        layout,
        t,
        prefix,
        several ? layout.name : t("view_overview"),
        subview ? layout.queues.flatMap(link) : [],
      ),
      ...layout.queues.flatMap((queue) => queueView(layout, queue, t, prefix, subview)),
      ...phoneView(layout, t, prefix),
      ...historyView(layout, t, prefix),
    ];
  });
  const nothing = { title: t("view_overview"), cards: [{ type: "markdown", content: t("view_nothing") }] };
  return { views: views.length ? views : [nothing] };
}

/** What Home Assistant asks for the dashboard: an element by its place, though it is never shown. */
export class DlsPbxDashboardStrategy extends HTMLElement {
  /** @type {(config: {config_entry_id?: string}, hass: Hass) => Promise<{views: Card[]}>} */
  static async generate({ config_entry_id }, hass) {
    const command = { type: "dls_pbx/layout", ...(config_entry_id ? { config_entry_id } : {}) };
    const [{ entries }, t] = await Promise.all([hass.callWS(command), texts(hass)]);
    return dashboard(entries, t, `/${location.pathname.split("/")[1]}`);
  }

  static getCreateSuggestions() {
    return { title: "DLS Hosted PBX", icon: "mdi:phone-in-talk" };
  }
}
