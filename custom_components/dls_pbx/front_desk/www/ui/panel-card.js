/** Base of the cards for messages, calls and lists: settings, texts, and a content that is built when both are there. */

/** @import { Asking } from "./asking.js" */
/** @import { Hass } from "./home-assistant-types.js" */

/** @typedef {{root: HTMLElement, start?: () => void, stop?: () => void, refresh?: () => void, update?: (hass: Hass) => void}} Content */
/** @typedef {{config_entry_id?: string, title?: string}} Settings */

import { asking } from "./asking.js";
import { element } from "./dom.js";
import { BASE } from "./style.js";
import { texts } from "./texts.js";

/**
 * @param {Record<string, unknown>} config
 * @returns {Settings}
 * @throws {Error} on what cannot be meant; in English, as all of Home Assistant's complaints about a card are
 */
export function settings(config) {
  for (const key of ["config_entry_id", "title"]) {
    if (!["string", "undefined"].includes(typeof (config[key] ?? undefined)))
      throw new Error(`${key}: ${JSON.stringify(config[key])} is not possible`);
  }
  // An editor's emptied field is no value.
  return /** @type {Settings} */ ({ config_entry_id: config.config_entry_id || undefined, title: config.title || "" });
}

export class PanelCard extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  /** @type {Hass|undefined} */ #hass;
  /** @type {Settings|undefined} */ #settings;
  /** @type {{content?: Content}|undefined} */ #run;

  /**
   * @param {string} css
   * @param {(asking: Asking) => Content} build
   */
  constructor(css, build) {
    super();
    this.css = css;
    this.build = build;
  }

  /** @param {Record<string, unknown>} config */
  setConfig(config) {
    this.#settings = settings(config);
    this.#stop();
    this.#start();
  }

  /** Called at each change of any state in Home Assistant: nearly never of interest. */
  set hass(/** @type {Hass} */ hass) {
    const before = this.#hass;
    // Before the connection it listens to is another one.
    if (hass.connection !== before?.connection || hass.language !== before?.language) this.#stop();
    this.#hass = hass;
    this.#start();
    this.#run?.content?.update?.(hass);
  }

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  #start = async () => {
    const [hass, settings] = [this.#hass, this.#settings];
    if (this.#run || !this.isConnected || !hass || !settings) return;
    /** @type {{content?: Content}} */
    const run = (this.#run = {});
    const t = await texts(hass).catch(() => null);
    if (this.#run !== run) return;
    // Asked while the line was cut: Home Assistant hands out itself anew as soon as it is back.
    if (!t) return this.#stop();
    run.content = this.build(asking(t, () => /** @type {Hass} */ (this.#hass), settings.config_entry_id));
    const title = settings.title ? [element("h1", {}, settings.title)] : [];
    const panel = element("div", { class: "panel" }, ...title, run.content.root);
    // An element, since not every browser can make a style sheet.
    const style = element("style", {}, BASE + this.css);
    this.#root.replaceChildren(style, element(/** @type {"div"} */ ("ha-card"), {}, panel));
    hass.connection.addEventListener("ready", this.#ready);
    run.content.start?.();
  };

  #ready = () => this.#run?.content?.refresh?.();

  #stop = () => {
    this.#hass?.connection.removeEventListener("ready", this.#ready);
    this.#run?.content?.stop?.();
    this.#run = undefined;
  };
}
