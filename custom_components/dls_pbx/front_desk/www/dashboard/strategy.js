/** The dashboard `custom:dls-pbx`, made from what there is and this user may read; built-in cards wherever they serve. */

/** @import { Layout, Part, QueuePart } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @typedef {Record<string, unknown>} Card a view, a section or a card */

/** More of them do not fit beside each other at the top of a page. */
const MOST_TABS = 8;
const COLUMNS = 6;
const WIDE = { grid_options: { columns: "full" } };

const QUEUE_NOW = "callers_waiting longest_wait agents_available agents_on_call agents_paused agents_logged_in";
const TODAY =
  "calls_today missed_calls_today abandoned_calls_today service_level_today answer_speed_today talk_time_today";
const PBX_NOW = "connected active_calls phones_registered phones_unregistered";
const FAXES = "faxes_queued faxes_processing faxes_failed faxes_completed";

/** @type {(part: Part, keys: string) => string[]} the entities that are there */
const those = ({ entities }, keys) => keys.split(" ").flatMap((key) => entities[key] ?? []);

/** @type {(part: Part, keys: string, more?: Card) => Card[]} */
const tiles = (part, keys, more) =>
  those(part, keys).map((entity) => ({ type: "tile", entity, name: { type: "entity" }, ...more }));

/** @type {(heading: string, column_span: number, ...cards: Card[]) => Card[]} none where it would be empty */
const section = (heading, column_span, ...cards) =>
  cards.length ? [{ type: "grid", column_span, cards: [{ type: "heading", heading }, ...cards] }] : [];

/** @type {(config: Card) => Card} the front desk, over the whole width */
const desk = (config) => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [{ type: "custom:dls-pbx-front-desk", ...config, ...WIDE }],
});

/** @type {(things: unknown[], card: Card) => Card[]} one card for all of them, where there are any */
const together = (things, card) => (things.length ? [{ ...card, ...WIDE }] : []);

/** @type {(entities: string[]) => Card[]} */
const logbook = (entities) =>
  together(entities, { type: "logbook", target: { entity_id: entities }, hours_to_show: 24 });

/** @type {(title: string, entities: string[]) => Card[]} */
const graph = (title, entities) => together(entities, { type: "history-graph", title, entities, hours_to_show: 12 });

/**
 * All views of one PBX.
 * @type {(layout: Layout, t: Translate, base: string, prefix: string, title: string) => Card[]}
 */
function pages({ config_entry_id, pbx, queues, phones, statistics }, t, base, prefix, title) {
  // Views that are not among the tabs: the overview leads to them.
  const subview = Boolean(prefix) || queues.length > MOST_TABS;

  /** @type {(title: string, name: string, sections: Card[], more?: Card) => Card[]} */
  const view = (title, name, sections, more) =>
    sections.length ? [{ title, path: prefix + name, type: "sections", max_columns: COLUMNS, sections, ...more }] : [];

  /** @type {(queue: QueuePart) => string} */
  const path = ({ id }) => `queue-${id.replace(/[^\p{L}\p{N}]+/gu, "-")}`;

  /** @type {(queue: QueuePart) => Card[]} */
  const link = (queue) => {
    const tap_action = { action: "navigate", navigation_path: `${base}/${prefix}${path(queue)}` };
    return subview ? tiles(queue, "callers_waiting", { name: queue.name, tap_action }) : [];
  };

  /** @type {(queue: QueuePart) => Card[]} */
  const queueView = (queue) => {
    const graphs = [
      ...graph(t("strip_waiting"), those(queue, "callers_waiting")),
      ...graph(t("strip_service_level"), those(queue, "service_level_today")),
    ];
    const figures = [
      ...section(t("view_now"), 2, ...tiles(queue, QUEUE_NOW)),
      ...section(t("view_today"), 2, ...tiles(queue, TODAY)),
      ...section(t("view_graphs"), 2, ...graphs),
    ];
    const sections = ["waiting", "agents", "missed", "sms"];
    const agents = figures.length ? [desk({ config_entry_id, queues: [queue.id], sections })] : [];
    return view(queue.name, path(queue), [...agents, ...figures], { subview });
  };

  const names = new Map(queues.map(({ id, name }) => [id, name]));
  /** @type {(title: string, keys: string[], whole: boolean) => Card[]} what each day brought */
  const bars = (title, keys, whole) => {
    const series = statistics.filter(({ key, queue }) => keys.includes(key) && whole === (queue === null));
    const entities = series.map(({ id, key, queue }) => ({
      entity: id,
      name: names.get(queue ?? "") ?? t(`figure_${key}`),
    }));
    const form = { chart_type: "bar", period: "day", days_to_show: 30, stat_types: ["change"] };
    return together(series, { type: "statistics-graph", title, entities, ...form });
  };

  const todo = those(pbx, "callbacks").map((entity) => ({ type: "todo-list", entity, ...WIDE }));
  const [calls, missed, talk] = ["calls", "missed_calls", "talk_time"].map((key) => t(`figure_${key}`));
  const events = [...those(pbx, "call sms fax"), ...queues.flatMap((queue) => those(queue, "queue"))];
  return [
    ...view(title, "overview", [
      desk({ config_entry_id }),
      ...section(t("view_queues"), COLUMNS, ...queues.flatMap(link)),
      ...section(t("view_callbacks"), 2, ...todo),
      ...section(t("view_messages"), 2, ...tiles(pbx, "sms", WIDE), ...logbook(those(pbx, "sms"))),
      ...section(t("view_faxes"), 2, ...tiles(pbx, FAXES), ...logbook(those(pbx, "fax"))),
    ]),
    ...queues.flatMap(queueView),
    ...view(t("section_phones"), "phones", phones.length ? [desk({ config_entry_id, sections: ["phones"] })] : []),
    ...view(t("view_history"), "history", [
      ...section(t("view_today"), COLUMNS, ...tiles(pbx, `${PBX_NOW} ${TODAY}`)),
      ...section(t("view_days"), 2, ...bars(calls, ["calls", "missed_calls", "abandoned_calls"], true)),
      ...section(t("view_talk"), 2, ...bars(talk, ["talk_time"], true)),
      ...section(t("view_queues"), 2, ...bars(calls, ["calls"], false), ...bars(missed, ["missed_calls"], false)),
      ...section(t("view_events"), COLUMNS, ...logbook(events)),
    ]),
  ];
}

/**
 * All views of these PBXs, as JSON.
 * @type {(layouts: readonly Layout[], t: Translate, base: string) => {views: Card[]}} `base`: the dashboard's own path
 */
export function dashboard(layouts, t, base) {
  const several = layouts.length > 1;
  const views = layouts.flatMap((layout, index) =>
    pages(layout, t, base, several ? `${index + 1}-` : "", several ? layout.name : t("view_overview")),
  );
  const nothing = { title: t("view_overview"), cards: [{ type: "markdown", content: t("view_nothing") }] };
  return { views: views.length ? views : [nothing] };
}
