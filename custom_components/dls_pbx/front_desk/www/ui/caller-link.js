/** A caller's name or number as a button that opens what is known of them; that is loaded when it is first pressed. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { Hass } from "./home-assistant-types.js" */

import { element, setText } from "./dom.js";

/**
 * `number` in any spelling, an extension or an auth ID; without one it is mere text.
 * @type {(about: {t: Translate, hass: () => Hass, entryId?: string}) =>
 *   {root: HTMLButtonElement, update: (text: string, number: string|null) => void}}
 */
export function callerLink({ t, hass, entryId }) {
  const root = element("button", { type: "button", class: "caller", "aria-haspopup": "dialog", "data-do": "caller" });
  let number = "";
  root.addEventListener("click", async (event) => {
    event.stopPropagation();
    const asked = number;
    const panel = await import("../caller/panel.js").catch(() => null);
    // Home Assistant is not there, or there is a newer one than this page is from.
    panel?.openCaller({ hass: hass(), entryId, number: asked, t });
  });
  /** @type {(text: string, number: string|null) => void} */
  function update(text, of) {
    number = of ?? "";
    setText(root, text);
    root.disabled = !number;
  }
  return { root, update };
}
