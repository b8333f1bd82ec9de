/**
 * Card `custom:dls-pbx-front-desk`. What the browser's tests hold on to: `[data-section]`, `[data-queue]`,
 * `[data-caller]` with `[data-level]` and `[data-since]`, `[data-person]` with `[data-state]`, `[data-call]`,
 * `[data-callback]`, `[data-conversation]`, `[data-fax]`, `[data-tab]`, `[data-do]` and `[data-band]`.
 */

/**
 * @import { Freshness, Settings, Translate } from "../data/model-types.js"
 * @import { Change, Snapshot } from "../data/subscribe-types.js"
 * @import { Hass, HassError } from "../ui/home-assistant-types.js"
 * @import { Content } from "./content.js"
 */

import { outages } from "../data/selectors.js";
import { Store } from "../data/store.js";
import { Subscription } from "../data/subscription.js";
import { texts } from "../ui/texts.js";
import { nextTick, timeOfDay } from "../ui/time.js";
import { content } from "./content.js";
import { settings } from "./settings.js";

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
  /** @type {Content|undefined} */ #view;
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
    const view = await this.#build(settings, hass).catch(() => null);
    if (this.#subscription !== subscription) return;
    // Asked while the line was cut: Home Assistant hands out itself anew as soon as it is back.
    if (!view) return this.#stop();
    this.#view = view;
    this.#root.replaceChildren(...view.nodes);
    view.render(this.#now());
  };

  /** @type {(settings: Settings, hass: Hass) => Promise<Content>} */
  #build = async (settings, hass) => {
    const t = await texts(hass);
    const context = { store: this.#store, settings, t, hass: () => /** @type {Hass} */ (this.#hass), now: this.#now };
    const isLive = () => this.#state.freshness === "live";
    return content(context, (now) => this.#warnings(t, now), isLive);
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

/** @type {(t: Translate, error?: HassError) => string} */
function refusal(t, error) {
  if (error?.code === "not_found") return t("band_not_found");
  return error?.code === "unauthorized" ? t("band_unauthorized") : t("band_refused", { reason: error?.message ?? "" });
}
