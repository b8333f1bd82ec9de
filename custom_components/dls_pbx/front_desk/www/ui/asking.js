/** What parts of a card need to ask Home Assistant of their PBX, and to act on it. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Hass } from "./home-assistant-types.js" */

/**
 * @typedef {object} Asking what parts of a card need to ask and to act
 * @property {Translate} t
 * @property {() => Hass} hass as it is now
 * @property {string|undefined} entryId whose PBX
 * @property {<Answer>(command: string, fields?: object) => Promise<Answer>} ask one of our websocket commands
 * @property {(action: string, fields: object, hasAnswer?: boolean) => Promise<unknown>} act call one of our actions
 */

/** @type {(t: Translate, hass: () => Hass, entryId: string|undefined) => Asking} */
export function asking(t, hass, entryId) {
  const pbx = entryId ? { config_entry_id: entryId } : {};
  return {
    t,
    hass,
    entryId,
    ask: (command, fields) => hass().callWS({ type: `dls_pbx/${command}`, ...pbx, ...fields }),
    act: (action, fields, hasAnswer = false) =>
      hass().callService("dls_pbx", action, { ...pbx, ...fields }, undefined, false, hasAnswer),
  };
}

/** The layout of the PBX; null where it cannot be had. @type {(asking: Asking) => Promise<Layout|null>} */
export async function layoutOf({ ask }) {
  try {
    const { entries } = /** @type {{entries: Layout[]}} */ (await ask("layout"));
    return entries.length === 1 ? entries[0] : null;
  } catch {
    return null;
  }
}
