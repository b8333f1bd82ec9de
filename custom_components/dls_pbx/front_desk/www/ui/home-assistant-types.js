/** Types of the small part of Home Assistant's frontend that we use; nothing here is ever loaded. */

/**
 * @typedef {object} HassError what the backend answers a command with that it refuses
 * @property {string} code
 * @property {string} message
 */

/** @typedef {() => Promise<void>|void} Unsubscribe */
/** @typedef {{type: string, [field: string]: unknown}} Command */

/**
 * @typedef {object} Connection home-assistant-js-websocket's
 * @property {boolean} connected
 * @property {<Event>(
 *   callback: (event: Event) => void, command: Command, options?: {resubscribe?: boolean}
 * ) => Promise<Unsubscribe>} subscribeMessage
 * @property {(event: "ready"|"disconnected", listener: () => void) => void} addEventListener
 * @property {(event: "ready"|"disconnected", listener: () => void) => void} removeEventListener
 */

/**
 * @typedef {object} Locale
 * @property {string} language
 * @property {"language"|"system"|"12"|"24"} time_format
 * @property {string} [first_weekday] its English name, or "language"
 * @property {"local"|"server"} time_zone the browser's, or Home Assistant's
 */

/**
 * @typedef {object} Hass
 * @property {Connection} connection
 * @property {string} language
 * @property {Locale} locale
 * @property {{time_zone: string}} config
 * @property {Record<string, {attributes: Record<string, unknown>}>} states
 * @property {{name: string, is_admin: boolean}} [user] who looks
 * @property {<Answer>(command: Command) => Promise<Answer>} callWS
 * @property {(
 *   domain: string, service: string, data?: object, target?: object, notifyOnError?: boolean, returnResponse?: boolean
 * ) => Promise<{response?: unknown}>} callService
 */

export {};
