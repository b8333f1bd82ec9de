/** The dashboard `custom:dls-pbx`, made from what there is and this user may read; built-in cards wherever they serve. */

/**
 * @import { Hass } from "./home-assistant.js"
 * @import { Layout, Part, QueuePart } from "./layout-types.js"
 * @import { TextKey, Translate } from "./model-types.js"
 */

/** @typedef {Record<string, unknown>} Card */
/** @typedef {{type: "grid", column_span?: number, cards: Card[]}} Section */
/** @typedef {{title: string, path: string, icon: string, subview?: boolean, type: "sections", max_columns: number, sections: Section[]}} View */

import { texts } from "./texts.js";

/** More of them than this do not fit beside each other at the top of a page. */
const MOST_TABS = 8;
const COLUMNS = 4;

const QUEUE_NOW = [
  "callers_waiting",
  "longest_wait",
  "agents_available",
  "agents_on_call",
  "agents_paused",
  "agents_logged_in",
];
const QUEUE_TODAY = [
  "calls_today",
  "missed_calls_today",
  "abandoned_calls_today",
  "abandon_rate",
  "answer_speed_today",
  "talk_time_today",
];
const PBX_NOW = ["connected", "active_calls", "phones_registered", "phones_unregistered"];
const PBX_TODAY = [
  "calls_today",
  "missed_calls_today",
  "abandoned_calls_today",
  "answer_speed_today",
  "talk_time_today",
  "service_level_today",
];
const FAXES = ["faxes_queued", "faxes_processing", "faxes_failed", "faxes_completed"];

/** @type {(entity: string, more?: Card) => Card} */
const tile = (entity, more) => ({ type: "tile", entity, name: { type: "entity" }, ...more });

/** @type {(part: Part, keys: string[]) => string[]} the entities that are there */
const those = ({ entities }, keys) => keys.flatMap((key) => entities[key] ?? []);

/** @type {(title: string, icon: string, cards: Card[], span?: number) => Section[]} none where it would be empty */
function section(title, icon, cards, span = 1) {
  const heading = { type: "heading", heading: title, icon };
  return cards.length ? [{ type: "grid", column_span: span, cards: [heading, ...cards] }] : [];
}

/** @type {(title: string, path: string, icon: string, sections: Section[], more?: {subview?: boolean}) => View[]} */
const view = (title, path, icon, sections, more) =>
  sections.length ? [{ title, path, icon, type: "sections", max_columns: COLUMNS, sections, ...more }] : [];

/** @type {(config: Card) => Section} the whole width */
const desk = (config) => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [{ type: "custom:dls-pbx-front-desk", ...config, grid_options: { columns: "full" } }],
});

/** @type {(entities: string[], hours: number) => Card[]} */
const logbook = (entities, hours) =>
  entities.length
    ? [
        {
          type: "logbook",
          target: { entity_id: entities },
          hours_to_show: hours,
          grid_options: { columns: "full", rows: 6 },
        },
      ]
    : [];

/** @type {(entities: string[], title: string) => Card[]} */
const graph = (entities, title) =>
  entities.length
    ? [
        {
          type: "history-graph",
          title,
          hours_to_show: 12,
          entities: entities.map((entity) => ({ entity, name: title })),
          grid_options: { columns: "full" },
        },
      ]
    : [];

/** @type {(name: string) => string} */
const slug = (name) =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");

/** @type {(layout: Layout, t: Translate, prefix: string, title: string, links: Card[]) => View[]} */
function overview({ config_entry_id, pbx }, t, prefix, title, links) {
  const { callbacks, sms, fax } = pbx.entities;
  const list = callbacks ? [{ type: "todo-list", entity: callbacks, grid_options: { columns: "full" } }] : [];
  const messages = sms ? [tile(sms, { grid_options: { columns: "full" } }), ...logbook([sms], 24)] : [];
  const faxes = [...those(pbx, FAXES).map((entity) => tile(entity)), ...logbook(fax ? [fax] : [], 24)];
  return view(title, `${prefix}overview`, "mdi:phone-in-talk", [
    desk({ config_entry_id }),
    ...section(t("view.queues"), "mdi:account-group", links, COLUMNS),
    ...section(t("view.callbacks"), "mdi:phone-return", list),
    ...section(t("view.messages"), "mdi:message-text", messages),
    ...section(t("view.faxes"), "mdi:fax", faxes),
    ...section(
      t("view.now"),
      "mdi:phone",
      [...those(pbx, PBX_NOW), ...those(pbx, PBX_TODAY)].map((entity) => tile(entity)),
    ),
  ]);
}

/** @type {(queue: QueuePart, base: string, prefix: string) => Card[]} */
const link = (queue, base, prefix) =>
  those(queue, ["callers_waiting"]).map((entity) =>
    tile(entity, {
      name: queue.name,
      tap_action: { action: "navigate", navigation_path: `${base}/${prefix}queue-${slug(queue.id)}` },
    }),
  );

/** @type {(layout: Layout, queue: QueuePart, t: Translate, prefix: string, subview: boolean) => View[]} */
function queueView({ config_entry_id }, queue, t, prefix, subview) {
  const { callers_waiting: waiting, service_level_today: level } = queue.entities;
  const gauge = level
    ? [
        {
          type: "gauge",
          entity: level,
          name: t("strip.service_level"),
          needle: true,
          min: 0,
          max: 100,
          severity: { green: 80, yellow: 60, red: 0 },
        },
      ]
    : [];
  const tiles = (/** @type {string[]} */ keys) => those(queue, keys).map((entity) => tile(entity));
  const graphs = [
    ...graph(waiting ? [waiting] : [], t("strip.waiting")),
    ...graph(level ? [level] : [], t("strip.service_level")),
  ];
  const sections = [
    ...section(t("view.now"), "mdi:account-clock", tiles(QUEUE_NOW)),
    ...section(t("view.today"), "mdi:calendar-today", [...tiles(QUEUE_TODAY), ...gauge]),
    ...section(t("view.graphs"), "mdi:chart-line", graphs, 2),
  ];
  const agents = desk({ config_entry_id, queues: [queue.id], sections: ["waiting", "agents", "missed"] });
  return view(
    queue.name,
    `${prefix}queue-${slug(queue.id)}`,
    "mdi:account-group",
    sections.length ? [agents, ...sections] : [],
    { subview },
  );
}

/** @type {(layout: Layout, t: Translate, prefix: string) => View[]} */
function phoneView({ config_entry_id, pbx, phones }, t, prefix) {
  if (!phones.length) return [];
  const figures = those(pbx, ["phones_registered", "phones_unregistered", "active_calls"]).map((entity) =>
    tile(entity),
  );
  return view(t("section.phones"), `${prefix}phones`, "mdi:card-account-phone", [
    ...section(t("view.now"), "mdi:phone", figures, COLUMNS),
    desk({ config_entry_id, sections: ["phones"] }),
  ]);
}

/** @type {(layout: Layout, t: Translate, prefix: string) => View[]} */
function historyView({ pbx, queues, statistics }, t, prefix) {
  const names = new Map(queues.map(({ id, name }) => [id, name]));
  /** @type {(key: TextKey, figures: string[], whole: boolean) => Card[]} */
  const bars = (key, figures, whole) => {
    const found = statistics.filter((one) => figures.includes(one.key) && (one.queue === null) === whole);
    if (!found.length) return [];
    const entities = found.map((one) => ({
      entity: one.id,
      name: whole ? t(/** @type {TextKey} */ (`figure.${one.key}`)) : names.get(one.queue ?? ""),
    }));
    const form = { chart_type: "bar", period: "day", days_to_show: 30, stat_types: ["change"] };
    return [{ type: "statistics-graph", title: t(key), ...form, entities, grid_options: { columns: "full" } }];
  };
  const events = [...those(pbx, ["call", "sms", "fax"]), ...queues.flatMap((queue) => those(queue, ["queue"]))];
  return view(t("view.history"), `${prefix}history`, "mdi:chart-bar", [
    ...section(
      t("view.days"),
      "mdi:chart-bar",
      bars("figure.calls", ["calls", "missed_calls", "abandoned_calls"], true),
      2,
    ),
    ...section(t("view.talk"), "mdi:account-voice", bars("figure.talk_time", ["talk_time"], true), 2),
    ...section(
      t("view.queues"),
      "mdi:account-group",
      [...bars("figure.calls", ["calls"], false), ...bars("figure.missed_calls", ["missed_calls"], false)],
      2,
    ),
    ...section(t("view.events"), "mdi:history", logbook(events, 24), 2),
  ]);
}

/**
 * All views of these PBXs, as JSON.
 * @type {(layouts: Layout[], t: Translate, base: string) => {views: object[]}} `base`: the dashboard's own path
 */
export function dashboard(layouts, t, base) {
  const several = layouts.length > 1;
  const views = layouts.flatMap((layout, index) => {
    const prefix = several ? `${index + 1}-` : "";
    const title = several ? layout.name : t("view.overview");
    // Views of their own that are not among the tabs: the overview leads to them.
    const subview = several || layout.queues.length > MOST_TABS;
    const links = subview ? layout.queues.flatMap((queue) => link(queue, base, prefix)) : [];
    return [
      ...overview(layout, t, prefix, title, links),
      ...layout.queues.flatMap((queue) => queueView(layout, queue, t, prefix, subview)),
      ...phoneView(layout, t, prefix),
      ...historyView(layout, t, prefix),
    ];
  });
  const nothing = { title: t("view.overview"), cards: [{ type: "markdown", content: t("view.nothing") }] };
  return { views: views.length ? views : [nothing] };
}

export class DlsPbxDashboardStrategy {
  /** @type {(config: {config_entry_id?: string}, hass: Hass) => Promise<{views: object[]}>} */
  static async generate({ config_entry_id }, hass) {
    const named = config_entry_id ? { config_entry_id } : {};
    /** @type {{entries: Layout[]}} */
    const { entries } = await hass.callWS({ type: "dls_pbx/layout", ...named });
    return dashboard(entries, texts(hass.language), `/${location.pathname.split("/")[1]}`);
  }

  static getCreateSuggestions() {
    return { title: "DLS Hosted PBX", icon: "mdi:phone-in-talk" };
  }
}
