/**
 * Types of what the websocket command `dls_pbx/layout` answers. `front_desk/layout.py` has the same names; a test
 * compares them.
 */

/**
 * @typedef {object} Part a device, and the entity IDs of what it has by key, as far as the user may read them
 * @property {string|null} device_id
 * @property {Record<string, string>} entities
 */

/**
 * @typedef {object} QueuePart
 * @property {string|null} device_id
 * @property {Record<string, string>} entities
 * @property {string} id at the PBX
 * @property {string} object_id what unique IDs call it: that of no other queue
 * @property {string} name
 */

/**
 * @typedef {object} PhonePart
 * @property {string|null} device_id
 * @property {Record<string, string>} entities
 * @property {string} id the user's auth ID
 * @property {string} name
 * @property {string|null} extension
 */

/**
 * @typedef {object} Statistic a series in Home Assistant's statistics
 * @property {string} id
 * @property {string} key which figure
 * @property {string|null} queue its id; null: the whole PBX
 */

/**
 * @typedef {object} Layout one PBX
 * @property {string} config_entry_id
 * @property {string} name
 * @property {string|null} sender whose name texts go out under ("100 Front Desk"); known while the PBX is loaded
 * @property {Part} pbx
 * @property {QueuePart[]} queues
 * @property {PhonePart[]} phones
 * @property {Statistic[]} statistics
 */

export {};
