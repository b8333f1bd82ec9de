/**
 * People: one person, one state, out of what their phone, their queues and their calls say. Whoever is the same as before
 * stays the same object.
 */

/** @import { Settings } from "./model-types.js" */
/** @import { Store } from "./store.js" */
/** @import { Agent, Call, Phone } from "./subscribe-types.js" */

import { memoized } from "./memoized.js";
import { byName, isUnanswered, matchesQueues, normalized, order, startTime, userName } from "./selectors.js";

/** @typedef {"unreachable"|"paused"|"on_call"|"ringing"|"available"} PersonState */

/** Of all that is said of one person the first counts: who cannot be reached is not free, whatever a queue says. */
const STATES = /** @type {const} */ (["unreachable", "paused", "on_call", "ringing", "available"]);

/** @type {Record<string, PersonState>} */
const OF_PHONE = { idle: "available", ringing: "ringing", in_call: "on_call" };

/** What one can ask for, and the states that it stands for. @type {Readonly<Record<string, readonly (PersonState|null)[]>>} */
export const FILTERS = {
  all: [...STATES, null],
  free: ["available"],
  on_call: ["on_call", "ringing"],
  off: ["paused", "unreachable"],
};

/**
 * @typedef {object} Person
 * @property {string} id auth ID
 * @property {string} name
 * @property {string|null} extension with the tenant where there are two of it
 * @property {PersonState|null} state
 * @property {string|null} reason of a pause
 * @property {string|null} since when a pause or a call began
 * @property {string|null} answered when the call was; null where nobody saw it
 * @property {string|null} other whom they speak with, as people here write it
 * @property {readonly string[]} queues ids of those that they are an agent of
 * @property {number} voicemail new messages
 * @property {string|null} device_id
 * @property {readonly [phone: Phone|undefined, agent: Agent|undefined, call: Call|undefined, tenant: string|null, colleague: string|null]} from what
 *   it was made of; `tenant`: where there are two of the extension, `colleague`: who is at the call's other end
 */

/** @type {(phone?: Phone, agent?: Agent, call?: Call) => PersonState|null} */
function stateOf(phone, agent, call) {
  const said = [
    phone?.registered === false && "unreachable",
    phone?.state && OF_PHONE[phone.state],
    agent?.paused && "paused",
    agent?.state,
    call && (call.status === "ringing" ? "ringing" : "on_call"),
  ];
  return STATES.find((state) => said.includes(state)) ?? null;
}

/** @type {(id: string, from: Person["from"]) => Person} */
function person(id, from) {
  const [phone, agent, call, tenant, colleague] = from;
  const { name, extension } = /** @type {Phone|Agent} */ (phone ?? agent);
  const state = stateOf(phone, agent, call);
  const isTalking = state === "on_call" || state === "ringing";
  const talk = agent?.since ? agent : call;
  return {
    id,
    name,
    extension: tenant ? `${extension}@${tenant}` : extension,
    state,
    reason: (state === "paused" && agent?.pause_reason) || null,
    since: (isTalking ? talk?.since : state === "paused" && agent?.paused_since) || null,
    answered: (isTalking && talk?.answered) || null,
    other: agent?.connected_to ?? call?.name ?? call?.number ?? colleague,
    queues: agent?.queues ?? [],
    voicemail: phone?.voicemail_new ?? 0,
    device_id: phone?.device_id ?? null,
    from,
  };
}

/** The call that each person takes part in, by auth ID: of several the one that is spoken, then the one that began last. @type {(store: Store) => Map<string, Call>} */
function callsByPerson(store) {
  /** @type {Map<string, Call>} */
  const found = new Map();
  const inOrder = [...store.calls].sort(
    ([id, one], [id2, other]) =>
      importance(one) - importance(other) || startTime(one) - startTime(other) || order(id, id2),
  );
  for (const [, call] of inOrder) for (const id of [call.caller, call.callee]) if (id !== null) found.set(id, call);
  return found;
}

/** @type {(call: Call) => number} */
const importance = ({ status }) => Number(status === "connected");

/** How many phones have each extension: in two tenants there may be two of one. @type {(store: Store) => Map<string, number>} */
function extensionCounts(store) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { extension } of store.phones.values()) found.set(extension, (found.get(extension) ?? 0) + 1);
  return found;
}

/** What each person is made of, by auth ID. @type {(store: Store) => (id: string) => Person["from"]} */
function sources(store) {
  const [calls, extensions] = [callsByPerson(store), extensionCounts(store)];
  return (id) => {
    const [phone, agent, call] = [store.phones.get(id), store.agents.get(id), calls.get(id)];
    const tenant = phone && Number(extensions.get(phone.extension)) > 1 ? phone.tenant : null;
    const colleague = call ? userName(store, call.caller === id ? call.callee : call.caller) : null;
    return [phone, agent, call, tenant, colleague];
  };
}

/** @type {(settings: Settings, from: Person["from"]) => boolean} */
const isWanted = (settings, [phone, agent]) =>
  settings.queues.length ? matchesQueues(settings, agent?.queues ?? []) : Boolean(phone ?? agent);

/** Everybody with a phone and every agent, by name; with queues chosen, the agents of those. */
export const everybody = memoized(
  ["phones", "agents", "calls"],
  (store, settings, /** @type {readonly Person[]} */ before) => {
    const of = sources(store);
    /** @type {Person[]} */ const found = [];
    let isSorted = true;
    /** @type {(id: string, old?: Person) => void} */
    const add = (id, old) => {
      const from = of(id);
      if (!isWanted(settings, from)) return;
      const one = old && from.every((part, index) => part === old.from[index]) ? old : person(id, from);
      isSorted &&= one.name === old?.name;
      found.push(one);
    };
    // In the order of last time: nearly always nobody comes, goes or has another name.
    for (const old of before) add(old.id, old);
    const known = new Set(before.map(({ id }) => id));
    for (const id of new Set([...store.phones.keys(), ...store.agents.keys()])) if (!known.has(id)) add(id);
    return isSorted ? found : found.sort((one, other) => byName(one, other) || order(one.id, other.id));
  },
);

/** @type {WeakMap<Person, string>} */
const searchTexts = new WeakMap();

/** @type {(one: Person) => string} */
function searchText(one) {
  let text = searchTexts.get(one);
  if (text === undefined) searchTexts.set(one, (text = normalized(`${one.name} ${one.extension}`)));
  return text;
}

/** `wanted`: a filter and words, with a blank between. */
const found = memoized(
  ["phones", "agents", "calls"],
  (store, settings, /** @type {readonly Person[]} */ _before, /** @type {string} */ wanted) => {
    const [filter, ...words] = wanted.split(" ");
    return everybody(store, settings).filter(
      (one) => FILTERS[filter].includes(one.state) && words.every((word) => searchText(one).includes(word)),
    );
  },
);

/**
 * People by name whose state a filter has, and whose names and extensions have all words of a search.
 * @type {(store: Store, settings: Settings, filter: string, search: string) => readonly Person[]}
 */
export function people(store, settings, filter, search) {
  return found(store, settings, [filter, ...normalized(search).split(/\s+/)].join(" "));
}

/** How many people each filter has. @type {(store: Store, settings: Settings) => Record<string, number>} */
export function counts(store, settings) {
  /** @type {Map<PersonState|null, number>} */ const byState = new Map();
  for (const { state } of everybody(store, settings)) byState.set(state, (byState.get(state) ?? 0) + 1);
  const of = (/** @type {string} */ name) => FILTERS[name].reduce((sum, state) => sum + (byState.get(state) ?? 0), 0);
  return Object.fromEntries(Object.keys(FILTERS).map((name) => [name, of(name)]));
}

/** Whether no people means nothing. @type {(store: Store, settings: Settings) => boolean} */
export const arePeopleUnknown = (store, settings) =>
  !store.phones.size && !store.agents.size && isUnanswered(store, settings, "users", "queues");
