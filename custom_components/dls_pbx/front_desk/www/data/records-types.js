/**
 * Types of what the websocket commands answer that ask the PBX for its records, with the names of
 * `front_desk/records_rows.py`, `lists.py` and `callback_commands.py`, which a test compares. Times are ISO 8601 with a zone, durations are seconds; null means that nobody knows.
 */

/**
 * @typedef {object} Message a text of a conversation
 * @property {string} id
 * @property {string} direction
 * @property {string} text
 * @property {string|null} time
 * @property {string|null} status
 * @property {string|null} extension at our end of it
 * @property {string|null} account_code
 */

/** @typedef {"answered"|"missed"|"voicemail"|"abandoned"|"fax"} Outcome */

/**
 * @typedef {object} LoggedCall
 * @property {string} id
 * @property {string} time when it began
 * @property {string} direction "inbound", "outbound" or "internal"; "unknown" where the PBX has a word of its own
 * @property {Outcome|null} outcome null of who was called and did not answer
 * @property {string|null} number as people here write it
 * @property {string|null} tel in E.164
 * @property {string|null} name
 * @property {boolean} vip
 * @property {string|null} own_number which of our numbers was called
 * @property {string|null} extension
 * @property {string|null} agent who talked
 * @property {string[]} queues ids
 * @property {number|null} wait
 * @property {number} duration
 * @property {string|null} recording a link
 */

/**
 * @typedef {object} CallerInfo what the command `dls_pbx/caller` answers
 * @property {string} number as people here write it
 * @property {string|null} tel in E.164
 * @property {string|null} name
 * @property {boolean} vip
 * @property {boolean|null} opted_out
 * @property {string|null} callback_id of an open callback
 * @property {string} conversation_id
 */

/**
 * @typedef {object} OptIn a campaign's list of those who agreed to texts
 * @property {string} campaign_id
 * @property {string|null} campaign_name
 * @property {number} total
 * @property {boolean|null} listed whether a number is on it
 */

/**
 * @typedef {object} OptOut a tenant's list of those who want none
 * @property {string} tenant_id
 * @property {string|null} tenant_name
 * @property {number} total
 * @property {boolean|null} listed
 */

/**
 * @typedef {object} Lists what the command `dls_pbx/lists` answers
 * @property {OptIn[]} opt_in
 * @property {OptOut[]} opt_out
 */

export {};
