/**
 * Card `custom:dls-pbx-front-desk`. What the browser's tests hold on to: `[data-section]`, `[data-queue]`,
 * `[data-caller]` with `[data-level]` and `[data-since]`, `[data-person]` with `[data-state]`, `[data-call]`,
 * `[data-callback]`, `[data-conversation]`, `[data-fax]`, `[data-tab]`, `[data-do]` and `[data-band]`.
 */

/**
 * @import { Freshness, Section, Settings, Translate } from "../data/model-types.js"
 * @import { Change, Snapshot } from "../data/subscribe-types.js"
 * @import { Hass, HassError } from "../ui/home-assistant-types.js"
 * @import { Context, Part } from "./section.js"
 */

import { outages } from "../data/selectors.js";
import { Store } from "../data/store.js";
import { Subscription } from "../data/subscription.js";
import { element, setText } from "../ui/dom.js";
import { texts } from "../ui/texts.js";
import { nextTick, timeOfDay } from "../ui/time.js";
import { callbacksSection } from "./sections/callbacks.js";
import { callsSection } from "./sections/calls.js";
import { faxesSection } from "./sections/faxes.js";
import { figuresSection } from "./sections/figures.js";
import { messagesSection } from "./sections/messages.js";
import { peopleSection } from "./sections/people.js";
import { queuesSection } from "./sections/queues.js";
import { smsBox } from "./sections/sms-box.js";
import { waitingSection } from "./sections/waiting.js";
import { settings } from "./settings.js";
import { statusStrip } from "./status-strip.js";
import { CSS } from "./style.js";
import { tabs } from "./tabs.js";
import { wallHead } from "./wall-head.js";

/** @type {Readonly<Record<Section, (context: Context) => Part>>} */
const SECTION = {
  queues: queuesSection,
  waiting: waitingSection,
  people: peopleSection,
  calls: callsSection,
  callbacks: callbacksSection,
  messages: messagesSection,
  faxes: faxesSection,
  sms: smsBox,
  figures: figuresSection,
};

/** Home Assistant's form of the options. */
export const form = () => import("./editor.js").then((editor) => editor.form());

export class Card extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #store = new Store();
  /** @type {Hass|undefined} */ #hass;
  /** @type {Settings|undefined} */ #settings;
  /** @type {Subscription|undefined} */ #subscription;
  /** @type {{freshness: Freshness, since: number, error?: HassError}} */ #state = {
    freshness: "connecting",
    since: 0,
  };
  /** @type {{render: (now: number) => void, tick: (now: number) => void}|undefined} */ #view;
  /** Home Assistant's clock less this machine's: a tablet on a wall may be minutes off. */
  #clockOffset = 0;
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */ #timer;

  /** @param {Record<string, unknown>} config */
  setConfig(config) {
    const before = this.#settings;
    this.#settings = settings(config);
    if (before?.config_entry_id !== this.#settings.config_entry_id) this.#store = new Store();
    this.#stop();
    this.#start();
  }

  /** Called at each change of any state in Home Assistant: nearly never of interest. */
  set hass(/** @type {Hass} */ hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (hass.connection !== before?.connection || hass.language !== before?.language) this.#stop();
    else if (this.#subscription) return;
    this.#start();
  }

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  #start = async () => {
    const [hass, settings] = [this.#hass, this.#settings];
    if (this.#subscription || !this.isConnected || !hass || !settings) return;
    const subscription = new Subscription(
      hass.connection,
      settings.config_entry_id,
      this.#onMessage,
      this.#onFreshness,
    );
    this.#subscription = subscription;
    subscription.start();
    const t = await texts(hass).catch(() => null);
    if (this.#subscription !== subscription) return;
    if (t) this.#view = this.#build(settings, t);
    // Asked while the line was cut: Home Assistant hands out itself anew as soon as it is back.
    else this.#stop();
  };

  #stop = () => {
    this.#subscription?.stop();
    this.#subscription = undefined;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
  };

  /** @param {Snapshot|Change} message */
  #onMessage = (message) => {
    if (message.type === "snapshot") this.#clockOffset = Date.parse(message.now) - Date.now();
    if (this.#store.apply(message).tables.size) this.#requestRender();
  };

  /** @type {(freshness: Freshness, since: number, error?: HassError) => void} */
  #onFreshness = (freshness, since, error) => {
    this.#state = { freshness, since, error };
    this.#requestRender();
  };

  /** Once for all that comes before the next frame; not at all while nobody can see it. */
  #requestRender = () => {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#view?.render(this.#now());
      clearTimeout(this.#timer);
      this.#tick();
    });
  };

  #now = () => Date.now() + this.#clockOffset;

  #tick = () => {
    if (this.#state.freshness !== "live") return;
    this.#timer = setTimeout(() => {
      if (!document.hidden) this.#view?.tick(this.#now());
      this.#tick();
    }, nextTick(this.#now()));
  };

  /** @type {(settings: Settings, t: Translate) => {render: (now: number) => void, tick: (now: number) => void}} */
  #build = (settings, t) => {
    /** @type {{compose?: (recipient: string) => void}} */ const sms = {};
    const hass = () => /** @type {Hass} */ (this.#hass);
    const compose = (/** @type {string} */ recipient) => {
      choice.open("messages");
      sms.compose?.(recipient);
    };
    const context = { store: this.#store, settings, t, hass, now: this.#now, compose };
    const strip = statusStrip(context);
    /** @type {Part[]} */
    const parts = settings.sections.map((name) => Object.assign(name === "sms" ? sms : {}, SECTION[name](context)));
    const band = element("div", { "data-band": "", class: "band", role: "status" });
    const grid = columns(settings.sections, parts);
    const title = settings.title ? [element("h1", {}, settings.title)] : [];
    const content = element("div", { class: settings.wall ? "desk wall" : "desk" });
    const choice = tabs(context, content);
    const head = settings.wall ? wallHead(context) : { root: element("div", {}, ...title), tick() {}, warn() {} };
    head.root.hidden = !settings.wall && !settings.title;
    content.append(head.root, band, choice.root, strip.root, grid);
    // An element, since not every browser can make a style sheet: one text of style is read once, however many have it.
    this.#root.replaceChildren(element("style", {}, CSS), element(/** @type {"div"} */ ("ha-card"), {}, content));

    /** @param {number} now */
    const render = (now) => {
      const lines = this.#warnings(t, now);
      setText(band, lines.join("\n"));
      band.hidden = !lines.length;
      content.classList.toggle("stale", this.#state.freshness !== "live");
      head.warn(strip.render(now) && this.#state.freshness === "live");
      choice.render();
      for (const part of parts) part.render();
    };
    /** @param {number} now */
    const tick = (now) => {
      head.tick(now);
      head.warn(strip.render(now));
      for (const part of parts) part.tick?.(now);
    };
    render(this.#now());
    return { render, tick };
  };

  /** @type {(t: Translate, now: number) => string[]} why what is shown may not be what is */
  #warnings = (t, now) => {
    const { freshness, since, error } = this.#state;
    const hass = /** @type {Hass} */ (this.#hass);
    if (freshness === "connecting") return [t("band_connecting")];
    if (freshness === "stale") return [t("band_stale", { time: timeOfDay(since, now, hass) })];
    if (freshness === "refused") return [refusal(t, error)];
    const troubles = outages(this.#store, /** @type {Settings} */ (this.#settings));
    // Then everything fails, and waiting does not help.
    const refused = troubles.find(([, health]) => health.refused);
    if (refused) return [t("band_key_refused", { name: refused[1].name })];
    return troubles.map(([, { name, since: answered }]) =>
      answered ? t("band_trouble", { name, time: timeOfDay(answered, now, hass) }) : t("band_trouble_never", { name }),
    );
  };
}

/** What stands in which column; the others stand over the whole width. @type {readonly (readonly Section[])[]} */
const COLUMNS = [
  ["waiting", "calls", "callbacks"],
  ["people", "faxes"],
  ["messages", "sms"],
];

/** Sections in columns: one that comes or goes does not make those beside it jump. @type {(names: readonly Section[], parts: readonly Part[]) => HTMLElement} */
function columns(names, parts) {
  const grid = element("div", { class: "grid" });
  const places = COLUMNS.map((sections) => ({ sections, root: element("div", { class: "column" }) }));
  names.forEach((name, index) => {
    const place = places.find(({ sections }) => sections.includes(name))?.root;
    (place ?? grid).append(parts[index].root);
    if (place && place.parentNode !== grid) grid.append(place);
  });
  return grid;
}

/** @type {(t: Translate, error?: HassError) => string} */
function refusal(t, error) {
  if (error?.code === "not_found") return t("band_not_found");
  return error?.code === "unauthorized" ? t("band_unauthorized") : t("band_refused", { reason: error?.message ?? "" });
}
