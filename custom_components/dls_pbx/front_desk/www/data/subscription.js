/**
 * Subscription to `dls_pbx/subscribe` that stays alive, and says how fresh the rows are. Home Assistant's own
 * resubscribing asks once after a reconnect and gives up for good when refused; but while Home Assistant starts, our
 * command is not known yet.
 */

/** @import { Connection, HassError, Unsubscribe } from "../ui/home-assistant-types.js" */
/** @import { Clock, Freshness } from "./model-types.js" */
/** @import { Change, Snapshot } from "./subscribe-types.js" */

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** Asking again does not help; it does after `not_found`, for the PBX may not be loaded yet. */
const NOT_RETRIED = ["unauthorized", "invalid_format"];

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  start: (callback, milliseconds) => setTimeout(callback, milliseconds),
  stop: (timer) => clearTimeout(timer),
};

export class Subscription {
  /** @type {Freshness|undefined} */ #freshness;
  /** @type {HassError|undefined} */ #error;
  #since = 0;
  /** Counts the subscriptions: what an older one still says is of no interest. */
  #attempt = 0;
  #retryDelay = FIRST_DELAY;
  /** @type {unknown} */ #timer;
  /** @type {Unsubscribe|undefined} */ #unsubscribe;

  /**
   * @param {Connection} connection
   * @param {string|undefined} entryId whose PBX; may be left out while there is one
   * @param {(message: Snapshot|Change) => void} onMessage
   * @param {(freshness: Freshness, since: number, error?: HassError) => void} onFreshness called at the start, at
   *   each change and at each new reason for having nothing; `since` in milliseconds since the epoch
   */
  constructor(connection, entryId, onMessage, onFreshness, clock = CLOCK) {
    this.connection = connection;
    this.message = { type: "dls_pbx/subscribe", ...(entryId ? { config_entry_id: entryId } : {}) };
    this.onMessage = onMessage;
    this.onFreshness = onFreshness;
    this.clock = clock;
  }

  /** Subscribe, and stay subscribed until `stop`. */
  start() {
    if (this.#freshness) return;
    this.connection.addEventListener("ready", this.#ready);
    this.connection.addEventListener("disconnected", this.#disconnected);
    this.#setFreshness("connecting");
    if (this.connection.connected) this.#ready();
  }

  /** Leave nothing behind: no listener, no timer, no subscription. */
  stop() {
    this.connection.removeEventListener("ready", this.#ready);
    this.connection.removeEventListener("disconnected", this.#disconnected);
    unsubscribeSafely(this.#unsubscribe);
    this.#discard();
    this.#freshness = undefined;
  }

  #ready = () => {
    this.#retryDelay = FIRST_DELAY;
    this.#subscribe();
  };

  #disconnected = () => {
    // Nothing to unsubscribe: the subscription went with the socket, and the next one may use its number again.
    this.#discard();
    if (this.#freshness === "live") this.#setFreshness("stale");
  };

  /** Have no more to do with what was asked so far. */
  #discard = () => {
    this.#attempt += 1;
    this.clock.stop(this.#timer);
    this.#unsubscribe = undefined;
  };

  #subscribe = async () => {
    const attempt = this.#attempt;
    const isCurrent = () => attempt === this.#attempt;
    try {
      /** @param {Snapshot|Change} rows */
      const receive = (rows) => isCurrent() && this.#receive(rows);
      const unsubscribe = await this.connection.subscribeMessage(receive, this.message, { resubscribe: false });
      if (isCurrent()) this.#unsubscribe = unsubscribe;
      else unsubscribeSafely(unsubscribe);
    } catch (error) {
      if (isCurrent()) this.#retryAfter(/** @type {HassError} */ (error));
    }
  };

  /** @param {Snapshot|Change} rows */
  #receive = (rows) => {
    this.onMessage(rows);
    this.#setFreshness("live");
  };

  /** @param {HassError} error */
  #retryAfter = (error) => {
    const isFinal = NOT_RETRIED.includes(error.code);
    const pending = this.#freshness === "stale" ? "stale" : "connecting";
    this.#setFreshness(isFinal || error.code === "not_found" ? "refused" : pending, error);
    if (isFinal) return;
    this.#timer = this.clock.start(() => this.#subscribe(), this.#retryDelay);
    this.#retryDelay = Math.min(this.#retryDelay * 2, LONGEST_DELAY);
  };

  /** @type {(freshness: Freshness, error?: HassError) => void} */
  #setFreshness = (freshness, error) => {
    const isSame = freshness === this.#freshness;
    if (isSame && error?.code === this.#error?.code) return;
    if (!isSame) this.#since = this.clock.now();
    this.#freshness = freshness;
    this.#error = error;
    this.onFreshness(freshness, this.#since, error);
  };
}

/**
 * End a subscription; where that fails, the connection is gone and the subscription with it.
 * @param {Unsubscribe|undefined} unsubscribe
 */
async function unsubscribeSafely(unsubscribe) {
  try {
    await unsubscribe?.();
  } catch {
    // There is nobody left to be told.
  }
}
