/**
 * Keeps the subscription alive, and says how fresh the rows are. Home Assistant's own resubscribing asks once after a
 * reconnect and gives up for good when refused; but while Home Assistant starts, our command is not known yet.
 */

/** @import { Connection, HassError, Unsubscribe } from "../ui/home-assistant-types.js" */
/** @import { Clock, Freshness } from "./model-types.js" */
/** @import { Change, Snapshot } from "./subscribe-types.js" */

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** Asking again does not help; it does after `not_found`, for the PBX may not be loaded yet. */
const FINAL = ["unauthorized", "invalid_format"];

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  start: (callback, milliseconds) => setTimeout(callback, milliseconds),
  stop: (timer) => clearTimeout(timer),
};

export class DeskConnection {
  /** @type {Freshness|undefined} */ #freshness;
  /** @type {HassError|undefined} */ #error;
  #since = 0;
  /** Counts the subscriptions: what an older one still says is of no interest. */
  #attempt = 0;
  #pause = FIRST_PAUSE;
  /** @type {unknown} */ #timer;
  /** @type {Unsubscribe|undefined} */ #unsubscribe;

  /**
   * @param {Connection} connection
   * @param {string|undefined} entryId whose PBX; may be left out while there is one
   * @param {(message: Snapshot|Change) => void} onMessage
   * @param {(freshness: Freshness, since: number, error?: HassError) => void} onState told at the start, at each change
   *   and at each new reason for having nothing; `since` in milliseconds since the epoch
   */
  constructor(connection, entryId, onMessage, onState, clock = CLOCK) {
    this.connection = connection;
    this.message = { type: "dls_pbx/subscribe", ...(entryId ? { config_entry_id: entryId } : {}) };
    this.onMessage = onMessage;
    this.onState = onState;
    this.clock = clock;
  }

  /** Subscribe, and stay subscribed until `stop`. */
  start() {
    if (this.#freshness) return;
    this.connection.addEventListener("ready", this.#ready);
    this.connection.addEventListener("disconnected", this.#disconnected);
    this.#tell("connecting");
    if (this.connection.connected) this.#ready();
  }

  /** Leave nothing behind: no listener, no timer, no subscription. */
  stop() {
    this.connection.removeEventListener("ready", this.#ready);
    this.connection.removeEventListener("disconnected", this.#disconnected);
    drop(this.#unsubscribe);
    this.#forget();
    this.#freshness = undefined;
  }

  #ready = () => {
    this.#forget();
    this.#pause = FIRST_PAUSE;
    this.#subscribe();
  };

  #disconnected = () => {
    // Nothing to unsubscribe: the subscription went with the socket, and the next one may use its number again.
    this.#forget();
    if (this.#freshness === "live") this.#tell("stale");
  };

  /** Have no more to do with what was asked so far. */
  #forget() {
    this.#attempt += 1;
    this.clock.stop(this.#timer);
    this.#unsubscribe = undefined;
  }

  async #subscribe() {
    const attempt = this.#attempt;
    const current = () => attempt === this.#attempt;
    try {
      /** @param {Snapshot|Change} rows */
      const hear = (rows) => current() && this.#heard(rows);
      const unsubscribe = await this.connection.subscribeMessage(hear, this.message, { resubscribe: false });
      if (current()) this.#unsubscribe = unsubscribe;
      else drop(unsubscribe);
    } catch (error) {
      if (current()) this.#failed(/** @type {HassError} */ (error));
    }
  }

  /** @param {Snapshot|Change} rows */
  #heard(rows) {
    this.onMessage(rows);
    this.#tell("live");
  }

  /** @param {HassError} error */
  #failed(error) {
    const final = FINAL.includes(error.code);
    const unfinished = this.#freshness === "stale" ? "stale" : "connecting";
    this.#tell(final || error.code === "not_found" ? "refused" : unfinished, error);
    if (final) return;
    this.#timer = this.clock.start(() => this.#subscribe(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  /** @type {(freshness: Freshness, error?: HassError) => void} */
  #tell(freshness, error) {
    const same = freshness === this.#freshness;
    if (same && error?.code === this.#error?.code) return;
    if (!same) this.#since = this.clock.now();
    this.#freshness = freshness;
    this.#error = error;
    this.onState(freshness, this.#since, error);
  }
}

/**
 * End a subscription; where that fails, the connection is gone and the subscription with it.
 * @param {Unsubscribe|undefined} unsubscribe
 */
async function drop(unsubscribe) {
  try {
    await unsubscribe?.();
  } catch {
    // There is nobody left to be told.
  }
}
