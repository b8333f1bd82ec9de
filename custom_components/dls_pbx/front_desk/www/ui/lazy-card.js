/** Lazy cards: what every page of Home Assistant loads of a card, until one of them is shown somewhere. */

/** @import { Hass } from "./home-assistant-types.js" */

/**
 * @typedef {HTMLElement & {hass: Hass, setConfig: (config: Config) => void}} Card
 * @typedef {Record<string, unknown>} Config
 * @typedef {{Card: {new (): Card}, form?: () => Promise<object>}} CardModule `form`: of its options, for the editor
 * @typedef {object} CardKind
 * @property {() => Promise<CardModule>} load
 * @property {number} size about how many times 50 pixels it is high
 */

/**
 * The element `tag` of a dashboard, which loads its card when it is first to be shown, and has it inside.
 * @type {(tag: string, kind: CardKind) => CustomElementConstructor}
 */
export function lazyCard(tag, { load, size }) {
  const inner = `${tag}-card`;
  /** @type {Promise<void>|undefined} */ let loading;
  let isLoaded = false;

  async function start() {
    const { Card } = await load();
    if (!customElements.get(inner)) customElements.define(inner, Card);
    isLoaded = true;
  }

  class LazyCard extends HTMLElement {
    /** @type {Card|undefined} */ #card;
    /** @type {Config|undefined} */ #config;
    /** @type {Hass|undefined} */ #hass;
    /** Options and Home Assistant come one after the other: both ask for the card, and it is to begin once. */
    #isLoading = false;

    static getStubConfig() {
      return {};
    }

    static getConfigForm() {
      return load().then(({ form }) => form?.());
    }

    /** @param {Config} config */
    setConfig(config) {
      this.#config = config;
      if (isLoaded) this.#show();
      else this.#load();
    }

    set hass(/** @type {Hass} */ hass) {
      // Home Assistant was not there when the card was asked for: once it is back, it hands itself out anew.
      const isBack = hass.connection !== this.#hass?.connection || !loading;
      this.#hass = hass;
      if (this.#card) this.#card.hass = hass;
      else if (this.#config && isBack && !isLoaded) this.#load();
    }

    getCardSize() {
      return size;
    }

    getGridOptions() {
      return { columns: "full", min_columns: 6 };
    }

    #load = async () => {
      if (this.#isLoading) return;
      this.#isLoading = true;
      loading ??= start();
      try {
        await loading;
      } catch {
        loading = undefined;
        return;
      } finally {
        this.#isLoading = false;
      }
      try {
        this.#show();
      } catch {
        // What is wrong with it is said where Home Assistant makes the element once more.
        this.dispatchEvent(new CustomEvent("ll-rebuild", { bubbles: true, composed: true }));
      }
    };

    #show = () => {
      const card = this.#card ?? /** @type {Card} */ (document.createElement(inner));
      card.setConfig(/** @type {Config} */ (this.#config));
      if (this.#hass) card.hass = this.#hass;
      if (this.#card) return;
      this.#card = card;
      Object.assign(this.style, { display: "block", height: "100%" });
      this.replaceChildren(card);
    };
  }
  return LazyCard;
}
