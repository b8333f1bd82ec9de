/** Editor of the strategy's options, which Home Assistant shows when one edits the dashboard. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Hass } from "../ui/home-assistant-types.js" */
/** @typedef {HTMLElement & {hass: Hass, data: object, schema: object[], computeLabel: (field: {name: string}) => string}} Form */

import { texts } from "../ui/texts.js";
import { strategySchema, withoutBlanks } from "./strategy-form.js";

const TAG = "dls-pbx-strategy-editor";

class DlsPbxStrategyEditor extends HTMLElement {
  /** @type {Hass|undefined} */ #hass;
  /** @type {Record<string, unknown>} */ #config = {};
  /** @type {Form|undefined} */ #form;
  /** @type {{t: Translate, layouts: Layout[]}|undefined} */ #known;

  set hass(/** @type {Hass} */ hass) {
    const isFirst = !this.#hass;
    this.#hass = hass;
    if (isFirst) void this.#start(hass);
    else this.#show();
  }

  /** @param {Record<string, unknown>} config */
  setConfig(config) {
    this.#config = config;
    this.#show();
  }

  /** @param {Hass} hass */
  #start = async (hass) => {
    const [t, { entries: layouts }] = await Promise.all([
      texts(hass),
      hass.callWS({ type: "dls_pbx/layout" }),
      loadForm(),
    ]);
    this.#known = { t, layouts };
    this.#form = /** @type {Form} */ (document.createElement("ha-form"));
    this.#form.computeLabel = ({ name }) => t(`editor_${name}`);
    this.#form.addEventListener("value-changed", this.#onChange);
    this.#show();
    this.replaceChildren(this.#form);
  };

  #show = () => {
    if (!this.#form || !this.#known || !this.#hass) return;
    const { t, layouts } = this.#known;
    Object.assign(this.#form, {
      hass: this.#hass,
      data: this.#config,
      schema: strategySchema(layouts, this.#config, t),
    });
  };

  /** @param {Event} event */
  #onChange = (event) => {
    event.stopPropagation();
    const { detail } = /** @type {CustomEvent<{value: Record<string, unknown>}>} */ (event);
    this.#config = withoutBlanks(detail.value);
    const changed = { detail: { config: this.#config }, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent("config-changed", changed));
    this.#show();
  };
}

/** Home Assistant loads its form with the first editor that has one. */
async function loadForm() {
  /** @typedef {{getConfigElement?: () => Promise<unknown>}} WithEditor */
  const card = /** @type {WithEditor|undefined} */ (/** @type {unknown} */ (customElements.get("hui-button-card")));
  if (!customElements.get("ha-form")) await card?.getConfigElement?.();
  await customElements.whenDefined("ha-form");
}

/** @returns {HTMLElement} */
export function strategyEditor() {
  if (!customElements.get(TAG)) customElements.define(TAG, DlsPbxStrategyEditor);
  return document.createElement(TAG);
}
