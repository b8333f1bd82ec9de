/** Types of what the front desk's modules hand to each other; nothing here is ever loaded. */

/**
 * @import { Caller, Rows } from "./subscribe-types.js"
 */

/** @typedef {keyof Rows} Table */
/** @template Row @typedef {readonly [id: string, row: Row]} Entry */
/** @typedef {{key: string, queue: string, caller: Caller}} Waiting one caller in one queue, by the queue's id */

/** @typedef {"queues"|"waiting"|"people"|"calls"|"callbacks"|"messages"|"faxes"|"sms"|"figures"} Section */

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
 * @property {number|null} service_level_red percent; null: never
 * @property {boolean} wall for a screen that is read from across the room, and touched by nobody
 * @property {boolean} chime whether it is heard when something becomes urgent
 */

/** @typedef {"ok"|"amber"|"red"|"unknown"} Level */

/**
 * @typedef {object} StatusStrip
 * @property {{value: number|null, level: Level}} waiting
 * @property {{since: string|null, seconds: number|null, level: Level}} longest_wait nobody waits: since null, 0 seconds
 * @property {{value: number|null, level: Level}} free_agents
 * @property {{value: number|null, goal: number|null, level: Level}} service_level in percent
 * @property {{value: number|null, level: Level}} callbacks owed
 */

/** @typedef {"connecting"|"live"|"stale"|"refused"} Freshness */

/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the epoch
 * @property {(callback: () => void, milliseconds: number) => unknown} start
 * @property {(timer: any) => void} stop
 */

/** @typedef {(key: string, placeholders?: Record<string, string|number>) => string} Translate */

export {};
