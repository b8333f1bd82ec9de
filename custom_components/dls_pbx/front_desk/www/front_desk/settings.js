/** Settings of one card: what its configuration says, checked, and what it leaves out. */

/** @import { Section, Settings } from "../data/model-types.js" */

/** Every section, in the order in which a receptionist looks; the status strip stands above them always. */
export const SECTIONS = /** @type {readonly Section[]} */ ([
  "queues",
  "waiting",
  "people",
  "calls",
  "callbacks",
  "messages",
  "faxes",
  "sms",
  "figures",
]);

/** Without agents' figures: they are about people's work, and stand where somebody has put them. */
const SHOWN = SECTIONS.filter((name) => name !== "figures");

/** What is worth reading from across the room. */
const ON_A_WALL = /** @type {readonly Section[]} */ (["queues", "waiting", "people"]);

/** How sections were called up to 0.2.0. @type {Readonly<Record<string, Section>>} */
const FORMER = { agents: "people", phones: "people", missed: "callbacks" };

/** @type {Readonly<Settings>} */
export const DEFAULTS = {
  sections: SHOWN,
  queues: [],
  wait_amber: 30,
  wait_red: 60,
  waiting_amber: 3,
  waiting_red: 5,
  service_level_red: null,
  wall: false,
  chime: false,
};

/** @typedef {(value: unknown) => boolean} Check */
/** @type {Check} */
const isText = (value) => typeof value === "string";
/** @type {Check} */
const isCount = (value) => Number.isFinite(value) && Number(value) >= 0;
/** @type {Check} */
const isChoice = (value) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;

/** @type {Check} */
const isSwitch = (value) => typeof value === "boolean";

/** @type {{[key in keyof Settings]-?: Check}} */
const CHECKS = {
  config_entry_id: isText,
  title: isText,
  sections: (value) => isChoice(value) && /** @type {Section[]} */ (value).every((name) => SECTIONS.includes(name)),
  wall: isSwitch,
  chime: isSwitch,
  queues: isChoice,
  wait_amber: isCount,
  wait_red: isCount,
  waiting_amber: isCount,
  waiting_red: isCount,
  service_level_red: (value) => isCount(value) && Number(value) <= 100,
};

/**
 * A card's configuration with everything that it leaves out; keys that belong to Home Assistant are left alone.
 * @param {Record<string, unknown>} config
 * @returns {Readonly<Settings>}
 * @throws {Error} on what cannot be meant; in English, as all of Home Assistant's complaints about a card are
 */
export function settings(config) {
  const full = { ...DEFAULTS, ...(config.wall === true && { sections: ON_A_WALL }) };
  const given = { ...config, sections: renamed(config.sections) };
  for (const [key, check] of Object.entries(CHECKS)) {
    const value = given[/** @type {keyof typeof given} */ (key)];
    // An editor's emptied field is no value.
    if (value === undefined || value === null || value === "") continue;
    if (!check(value)) throw new Error(`${key}: ${JSON.stringify(value)} is not possible`);
    Object.assign(full, { [key]: value });
  }
  if (full.wait_amber > full.wait_red || full.waiting_amber > full.waiting_red)
    throw new Error("An amber threshold must not lie above its red one");
  return full;
}

/** Sections by their names of today, each once. @type {(sections: unknown) => unknown} */
function renamed(sections) {
  if (!Array.isArray(sections) || !sections.some((name) => FORMER[name])) return sections;
  return [...new Set(sections.map((name) => FORMER[name] ?? name))];
}
