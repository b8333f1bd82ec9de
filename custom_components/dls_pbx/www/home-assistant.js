/** The small part of Home Assistant's frontend that we use; types only, nothing here is ever loaded. */

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
 * @property {"local"|"server"} time_zone the browser's, or Home Assistant's
 */

/**
 * @typedef {object} State
 * @property {string} entity_id
 * @property {string} state
 * @property {Record<string, unknown>} attributes
 */

/** @typedef {{entity_id: string, device_id?: string, platform?: string, translation_key?: string}} RegistryEntry */

/**
 * @typedef {object} Hass
 * @property {Connection} connection
 * @property {boolean} connected
 * @property {string} language
 * @property {Locale} locale
 * @property {{time_zone: string, components: string[], state: string}} config
 * @property {{id: string, name: string, is_admin: boolean}} [user]
 * @property {{darkMode: boolean}} themes
 * @property {Record<string, State>} states
 * @property {Record<string, RegistryEntry>} entities
 * @property {Record<string, {translations?: Record<string, unknown>, isRTL?: boolean}>} [translationMetadata]
 * @property {(key: string, placeholders?: Record<string, unknown>) => string} localize
 * @property {(state: State, value?: string) => string} formatEntityState
 * @property {<Answer>(command: Command) => Promise<Answer>} callWS
 * @property {(
 *   domain: string, service: string, data?: object, target?: object, notifyOnError?: boolean, returnResponse?: boolean
 * ) => Promise<{response?: unknown}>} callService
 */

export {};
