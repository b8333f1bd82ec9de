/**
 * Types of what the websocket command `dls_pbx/subscribe` sends. Times are ISO 8601 with a zone, durations are seconds;
 * null means that the PBX does not say. `front_desk/rows.py` has the same names; a test compares them.
 *
 * First comes a snapshot with every row this user may read, then changes: only the rows that changed, whole, and null
 * for those that are gone. A later snapshot (the integration was reloaded) replaces everything.
 */

/**
 * @typedef {object} Caller
 * @property {string} number as people here write it
 * @property {string|null} tel in E.164, for a link; null where it is no telephone number
 * @property {string|null} name
 * @property {boolean} vip
 * @property {number|null} priority
 * @property {string|null} since when they joined the queue
 */

/**
 * @typedef {object} Queue by the queue's id at the PBX
 * @property {string} name
 * @property {number|null} waiting
 * @property {string|null} waiting_since when the first of them joined
 * @property {Caller[]} callers in order of their positions
 * @property {number|null} agents_logged_in
 * @property {number|null} agents_available
 * @property {number|null} agents_on_call
 * @property {number|null} agents_paused
 * @property {number|null} service_level today's, in percent
 * @property {number} service_level_goal in percent
 * @property {number|null} calls_today
 * @property {number|null} missed_calls_today
 * @property {number|null} abandoned_calls_today
 * @property {string|null} device_id
 */

/** @typedef {"available"|"ringing"|"on_call"|"paused"|"unreachable"} AgentState */

/**
 * @typedef {object} Agent by auth ID
 * @property {string} name
 * @property {string|null} extension
 * @property {AgentState|null} state the best of all queues: who is free in one can take a call
 * @property {string[]} queues the queues' ids
 * @property {boolean} paused whether in all of them, also while they are on the phone
 * @property {string|null} pause_reason
 * @property {string|null} paused_since
 * @property {string|null} since when a pause or a call began
 * @property {string|null} answered when the call was, as it was seen; null where nobody saw it
 * @property {string|null} connected_to the other party, as people here write it
 * @property {number|null} answered_today callers; this and what follows is null unless the options ask for it
 * @property {number|null} missed_today callers
 * @property {number|null} talk_today
 * @property {string|null} last_call when it ended
 */

/**
 * @typedef {object} Call by an id of our own that lives as long as the call
 * @property {"inbound"|"outbound"|"internal"} direction
 * @property {"waiting"|"ringing"|"connected"|null} status to the PBX, who waits in a queue is connected
 * @property {string|null} since when it began
 * @property {string|null} answered when somebody took it, as it was seen; null where nobody saw it
 * @property {string|null} number the outside party's, as people here write it
 * @property {string|null} tel in E.164
 * @property {string|null} name
 * @property {boolean} vip
 * @property {string|null} queue its id
 * @property {string|null} caller the calling user's auth ID
 * @property {string|null} callee the called user's auth ID
 */

/**
 * @typedef {object} Phone by auth ID
 * @property {string} name
 * @property {string} extension
 * @property {string} tenant
 * @property {"idle"|"ringing"|"in_call"|null} state
 * @property {boolean|null} registered
 * @property {number|null} voicemail_new
 * @property {string|null} device_id
 */

/**
 * @typedef {object} Missed a caller who is owed a call, by the id of the to-do item
 * @property {string} number as people here write it
 * @property {string|null} tel in E.164
 * @property {string|null} name
 * @property {boolean} vip
 * @property {string} first when they first tried
 * @property {string} last when they last tried
 * @property {number} calls how often they tried
 * @property {string[]} queues the queues' ids
 * @property {boolean} voicemail whether they went to voicemail
 * @property {string|null} note what people here wrote of it
 * @property {string|null} owner the name of who has taken it
 * @property {string|null} texted when somebody texted them since their last try
 */

/**
 * @typedef {object} LastMessage
 * @property {string} direction "inbound", "outbound" or "internal"
 * @property {string} text
 * @property {string|null} time
 * @property {string|null} status at the PBX: "success", "failure"
 */

/**
 * @typedef {object} Conversation by the number in E.164, or the auth ID, at its other end
 * @property {string} id
 * @property {string} number as people here write it
 * @property {string|null} tel in E.164
 * @property {string|null} name
 * @property {boolean} vip
 * @property {string|null} own_number which of our numbers they wrote to last
 * @property {LastMessage} last
 * @property {boolean} unanswered whether they had the last word
 * @property {boolean|null} opted_out null where nobody can tell
 */

/** @typedef {"queued"|"processing"|"sent"|"failed"|"received"} FaxState */

/**
 * @typedef {object} Fax in the PBX's queue now, or one of today that is over
 * @property {string|null} to an extension or a number, as people here write it
 * @property {string|null} from likewise
 * @property {FaxState} status
 * @property {string|null} page which, of how many ("1/0" while the PBX does not know how many); of those in the queue
 * @property {string|null} attempt which, of how many ("2/5"); of those in the queue
 * @property {string|null} next_retry when it is tried again
 * @property {string|null} time when it was; null of those in the queue
 * @property {string|null} tel the outside party's, in E.164
 * @property {string|null} name the outside party's
 */

/**
 * @typedef {object} Health by the name of what is asked (`queues`, `calls`, ...), and `pbx` for the PBX itself
 * @property {string} name
 * @property {boolean} ok
 * @property {string|null} since when it last answered
 * @property {boolean} refused whether the PBX no longer accepts the key
 */

/**
 * @typedef {object} Rows
 * @property {Record<string, Queue>} queues
 * @property {Record<string, Agent>} agents
 * @property {Record<string, Call>} calls
 * @property {Record<string, Phone>} phones
 * @property {Record<string, Missed>} missed
 * @property {Record<string, Conversation>} conversations the newest 50
 * @property {Record<string, Fax>} faxes
 * @property {Record<string, Health>} health
 */

/** @typedef {{type: "snapshot", now: string} & Rows} Snapshot `now` by Home Assistant's clock */
/** @typedef {{type: "change"} & {[table in keyof Rows]?: {[id: string]: Rows[table][string]|null}}} Change */

export {};
