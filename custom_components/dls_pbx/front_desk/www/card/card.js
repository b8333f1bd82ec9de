/**
 * The card `custom:dls-pbx-front-desk`. What the browser's tests hold on to: `[data-section]`, `[data-caller]` with
 * `[data-level]` and `[data-since]`, `[data-agent]` and `[data-phone]` with `[data-state]`, `[data-call]`, `[data-missed]`,
 * `[data-do]` and `[data-band]`.
 */

/**
 * @import { Hass, HassError } from "../ui/home-assistant-types.js"
 * @import { Freshness, Settings, Translate } from "../data/model-types.js"
 * @import { Part } from "./section.js"
 * @import { Change, Snapshot } from "../data/subscribe-types.js"
 */

import { Subscription } from "../data/subscription.js";
import { make, say } from "../ui/dom.js";
import { figures } from "./status-strip.js";
import { outages } from "../data/selectors.js";
import { Store } from "../data/store.js";
import { settings } from "./settings.js";
import { SECTION } from "./sections.js";
import { style } from "./style.js";
import { texts } from "../ui/texts.js";
import { nextTick, timeOfDay } from "../ui/time.js";

export class DlsPbxFrontDesk extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #desk = new Store();
  /** @type {Hass|undefined} */ #hass;
  /** @type {Settings|undefined} */ #settings;
  /** @type {Subscription|undefined} */ #connection;
  /** @type {{freshness: Freshness, since: number, error?: HassError}} */ #state = {
    freshness: "connecting",
    since: 0,
  };
  /** @type {{render: (now: number) => void, tick: (now: number) => void}|undefined} */ #view;
  /** Home Assistant's clock less this machine's: a tablet on a wall may be minutes off. */
  #ahead = 0;
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */ #timer;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [style];
  }

  static getConfigForm() {
    return import("./editor.js").then(({ form }) => form());
  }

  static getStubConfig() {
    return {};
  }

  /** @param {Record<string, unknown>} config */
  setConfig(config) {
    const before = this.#settings;
    this.#settings = settings(config);
    if (before?.config_entry_id !== this.#settings.config_entry_id) this.#desk = new Store();
    this.#end();
    this.#begin();
  }

  /** Called at each change of any state in Home Assistant: nearly never of interest. */
  set hass(/** @type {Hass} */ hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (hass.connection !== before?.connection || hass.language !== before?.language) this.#end();
    else if (this.#connection) return;
    this.#begin();
  }

  connectedCallback() {
    this.#begin();
  }

  disconnectedCallback() {
    this.#end();
  }

  getCardSize() {
    return 12;
  }

  getGridOptions() {
    return { columns: "full", min_columns: 6 };
  }

  async #begin() {
    const [hass, settings] = [this.#hass, this.#settings];
    if (this.#connection || !this.isConnected || !hass || !settings) return;
    const connection = new Subscription(hass.connection, settings.config_entry_id, this.#hear, this.#turn);
    this.#connection = connection;
    connection.start();
    const t = await texts(hass).catch(() => null);
    if (this.#connection !== connection) return;
    if (t) this.#view = this.#build(settings, t);
    // Asked while the line was cut: Home Assistant hands out itself anew as soon as it is back.
    else this.#end();
  }

  #end() {
    this.#connection?.stop();
    this.#connection = undefined;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
  }

  /** @param {Snapshot|Change} message */
  #hear = (message) => {
    if (message.type === "snapshot") this.#ahead = Date.parse(message.now) - Date.now();
    if (this.#desk.apply(message).tables.size) this.#changed();
  };

  /** @type {(freshness: Freshness, since: number, error?: HassError) => void} */
  #turn = (freshness, since, error) => {
    this.#state = { freshness, since, error };
    this.#changed();
  };

  /** Once for all that comes before the next frame; not at all while nobody can see it. */
  #changed() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#view?.render(this.#now());
      clearTimeout(this.#timer);
      this.#tick();
    });
  }

  #now() {
    return Date.now() + this.#ahead;
  }

  #tick() {
    if (this.#state.freshness !== "live") return;
    this.#timer = setTimeout(() => {
      if (!document.hidden) this.#view?.tick(this.#now());
      this.#tick();
    }, nextTick(this.#now()));
  }

  /** @type {(settings: Settings, t: Translate) => {render: (now: number) => void, tick: (now: number) => void}} */
  #build(settings, t) {
    /** @type {{compose?: (recipient: string) => void}} */ const sms = {};
    const hass = () => /** @type {Hass} */ (this.#hass);
    const compose = (/** @type {string} */ recipient) => sms.compose?.(recipient);
    const context = { desk: this.#desk, settings, t, hass, now: () => this.#now(), compose };
    const top = figures(context);
    /** @type {Part[]} */
    const parts = settings.sections.map((name) => Object.assign(name === "sms" ? sms : {}, SECTION[name](context)));
    const band = make("div", { "data-band": "", class: "band", role: "status" });
    const grid = make("div", { class: "grid" }, ...parts.map(({ element }) => element));
    const title = settings.title ? [make("h1", {}, settings.title)] : [];
    const desk = make("div", { class: "desk" }, ...title, band, top.element, grid);
    this.#root.replaceChildren(make(/** @type {"div"} */ ("ha-card"), {}, desk));

    /** @param {number} now */
    const render = (now) => {
      const lines = this.#troubles(t, now);
      say(band, lines.join("\n"));
      band.hidden = !lines.length;
      desk.classList.toggle("stale", this.#state.freshness !== "live");
      top.render(now);
      for (const part of parts) part.render();
    };
    /** @param {number} now */
    const tick = (now) => {
      for (const part of [top, ...parts]) part.tick?.(now);
    };
    render(this.#now());
    return { render, tick };
  }

  /** @type {(t: Translate, now: number) => string[]} why what is shown may not be what is */
  #troubles(t, now) {
    const { freshness, since, error } = this.#state;
    const hass = /** @type {Hass} */ (this.#hass);
    if (freshness === "connecting") return [t("band_connecting")];
    if (freshness === "stale") return [t("band_stale", { time: timeOfDay(since, now, hass) })];
    if (freshness === "refused") return [refusal(t, error)];
    return outages(this.#desk, /** @type {Settings} */ (this.#settings)).map(([, { name, since: answered }]) =>
      answered ? t("band_trouble", { name, time: timeOfDay(answered, now, hass) }) : t("band_trouble_never", { name }),
    );
  }
}

/** @type {(t: Translate, error?: HassError) => string} */
function refusal(t, error) {
  if (error?.code === "not_found") return t("band_not_found");
  return error?.code === "unauthorized" ? t("band_unauthorized") : t("band_refused", { reason: error?.message ?? "" });
}
