/** What can be set on a card, and what holds where nothing is. */

/** @typedef {"waiting"|"agents"|"calls"|"phones"|"missed"|"sms"} Section */

/** Every section, in the order in which a receptionist looks; the status strip stands above them always. */
export const SECTIONS = /** @type {readonly Section[]} */ (["waiting", "agents", "calls", "phones", "missed", "sms"]);

/**
 * @typedef {object} Settings
 * @property {string} [config_entry_id] whose PBX; may be left out while there is one
 * @property {string} [title]
 * @property {readonly Section[]} sections which, in order
 * @property {readonly string[]} queues ids; none means all
 * @property {number} wait_amber seconds that a caller has waited
 * @property {number} wait_red
 * @property {number} waiting_amber callers who wait
 * @property {number} waiting_red
 * @property {number|null} service_level_red percent; null: 20 points below the queue's goal
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  sections: SECTIONS,
  queues: [],
  wait_amber: 30,
  wait_red: 60,
  waiting_amber: 3,
  waiting_red: 5,
  service_level_red: null,
});

/** @param {unknown} value */
const isText = (value) => typeof value === "string";
/** @param {unknown} value */
const isCount = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
/** @param {unknown} value */
const isChoice = (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;

/** @type {{[key in keyof Settings]-?: (value: any) => boolean}} */
const VALID = {
  config_entry_id: isText,
  title: isText,
  sections: (value) => isChoice(value) && value.every((/** @type {Section} */ name) => SECTIONS.includes(name)),
  queues: isChoice,
  wait_amber: isCount,
  wait_red: isCount,
  waiting_amber: isCount,
  waiting_red: isCount,
  service_level_red: (value) => isCount(value) && value <= 100,
};

/**
 * A card's configuration with everything that it leaves out; keys that belong to Home Assistant are left alone.
 * @param {Record<string, unknown>} config
 * @returns {Readonly<Settings>}
 * @throws {Error} whose message is the key of a text, on what cannot be meant
 */
export function settings(config) {
  /** @type {Record<string, unknown>} */
  const full = { ...DEFAULTS };
  for (const [key, valid] of Object.entries(VALID)) {
    const value = config[key];
    // An editor's emptied field is no value.
    if (value === undefined || value === null || value === "") continue;
    if (!valid(value)) throw new Error(`config.${key}`);
    full[key] = value;
  }
  const all = /** @type {Settings} */ (/** @type {unknown} */ (full));
  if (all.wait_amber > all.wait_red || all.waiting_amber > all.waiting_red) throw new Error("config.order");
  return Object.freeze(all);
}

/**
 * Whether what belongs to these queues is to be shown; where none is chosen, everything is.
 * @param {Pick<Settings, "queues">} settings
 * @param {readonly string[]} queues
 */
export function chosen(settings, queues) {
  return !settings.queues.length || queues.some((queue) => settings.queues.includes(queue));
}
