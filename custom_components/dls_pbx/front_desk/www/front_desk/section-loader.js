/** Loader of the sections, each of which is a module of its own that makes one: a card loads those that it shows. */

/**
 * @import { Section } from "../data/model-types.js"
 * @import { Context, Part } from "./section.js"
 */

import { DEFAULTS } from "./settings.js";

/** @type {Readonly<Record<Section, () => Promise<{create: (context: Context) => Part}>>>} */
const SECTION = {
  queues: () => import("./sections/queues.js"),
  waiting: () => import("./sections/waiting.js"),
  people: () => import("./sections/people.js"),
  calls: () => import("./sections/calls.js"),
  callbacks: () => import("./sections/callbacks.js"),
  messages: () => import("./sections/messages.js"),
  faxes: () => import("./sections/faxes.js"),
  sms: () => import("./sections/sms-box.js"),
  figures: () => import("./sections/figures.js"),
};

/** @type {(names: readonly Section[]) => Promise<((context: Context) => Part)[]>} */
export const load = (names) => Promise.all(names.map(async (name) => (await SECTION[name]()).create));

/** Have loaded what most desks show. */
export const preload = () => load(DEFAULTS.sections);
