/** Home Assistant's form for the options of the cards that have no others than which PBX, and a title. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Hass } from "./home-assistant-types.js" */

import { field, pbxField } from "./form-fields.js";
import { settings } from "./panel-card.js";
import { texts } from "./texts.js";

export async function form() {
  // The dialog asks for the form without saying for whom.
  const { hass } = /** @type {HTMLElement & {hass: Hass}} */ (document.querySelector("home-assistant"));
  const [t, answer] = await Promise.all([texts(hass), hass.callWS({ type: "dls_pbx/layout" })]);
  const { entries } = /** @type {{entries: Layout[]}} */ (answer);
  return {
    schema: [...pbxField(entries), field("title", { text: {} })],
    computeLabel: (/** @type {{name: string}} */ { name }) => t(`editor_${name}`),
    assertConfig: settings,
  };
}
