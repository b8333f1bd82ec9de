/** Card `custom:dls-pbx-hours`: one of Home Assistant's own cards, with the statistics that it shows in hours. */

/** @import { Hass } from "../ui/home-assistant-types.js" */
/** @typedef {HTMLElement & {hass: Hass}} Card */
/** @typedef {{createCardElement: (config: object) => Card}} CardHelpers */
/** @typedef {{card: {entities: {entity: string}[]}}} Config */

import { withHours } from "./hours.js";

const TAG = "dls-pbx-hours";

class DlsPbxHours extends HTMLElement {
  /** @type {Hass|undefined} */ #hass;
  /** @type {Card|undefined} */ #card;
  /** @type {readonly string[]} */ #statistics = [];

  /** @param {Config} config */
  setConfig({ card }) {
    this.#statistics = card.entities.map(({ entity }) => entity);
    void this.#build(card);
  }

  set hass(/** @type {Hass} */ hass) {
    this.#hass = hass;
    this.#show();
  }

  getCardSize() {
    return 5;
  }

  /** @param {object} config */
  #build = async (config) => {
    const page = /** @type {{loadCardHelpers: () => Promise<CardHelpers>}} */ (/** @type {unknown} */ (window));
    const { createCardElement } = await page.loadCardHelpers();
    this.#card = createCardElement(config);
    this.#show();
    this.replaceChildren(this.#card);
  };

  #show = () => {
    if (this.#card && this.#hass) this.#card.hass = withHours(this.#hass, this.#statistics);
  };
}

if (!customElements.get(TAG)) customElements.define(TAG, DlsPbxHours);
