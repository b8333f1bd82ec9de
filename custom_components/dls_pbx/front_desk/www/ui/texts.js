/** Texts that people read. Home Assistant has them in their language, with all others of the integration. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { Hass } from "./home-assistant-types.js" */

const PREFIX = "component.dls_pbx.common.front_desk_";

/** @type {Map<string, Promise<Translate>>} by language */
const loaded = new Map();

/**
 * The texts in a user's language, asked for once; in English where we do not have it.
 * @type {(hass: Pick<Hass, "callWS"|"language">) => Promise<Translate>}
 */
export function texts(hass) {
  const { language } = hass;
  const command = { type: "frontend/get_translations", language, category: "common", integration: ["dls_pbx"] };
  let found = loaded.get(language);
  if (!found) {
    found = hass.callWS(command).then(({ resources }) => translation(language, resources));
    loaded.set(language, found);
    found.catch(() => loaded.delete(language));
  }
  return found;
}

/**
 * `{name}` is replaced by what is given for it; of "one|several" a `count` chooses.
 * @type {(language: string, resources: Record<string, string>) => Translate}
 */
export function translation(language, resources) {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  return (key, placeholders) => {
    const [one, several] = (resources[PREFIX + key] ?? key).split("|");
    if (!placeholders) return one;
    const text = several && plurals.select(Number(placeholders.count)) !== "one" ? several : one;
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = placeholders[name] ?? whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
}
