/**
 * Keeps the front desk's subscription alive, and says how fresh the rows are.
 *
 * Home Assistant's own resubscribing asks once after a reconnect and gives up for good where the command is refused; but
 * while Home Assistant starts, ours is not known yet. So we ask again ourselves, with growing pauses.
 */

/** @typedef {import("./types.js").Snapshot} Snapshot */
/** @typedef {import("./types.js").Change} Change */
/** @typedef {import("./home-assistant.js").Connection} Connection */
/** @typedef {import("./home-assistant.js").HassError} HassError */
/** @typedef {import("./home-assistant.js").Unsubscribe} Unsubscribe */
/** @typedef {"connecting"|"live"|"stale"|"refused"} Freshness */

/**
 * @typedef {object} Timer
 * @property {() => number} now milliseconds since the epoch
 * @property {(callback: () => void, milliseconds: number) => unknown} start
 * @property {(timer: any) => void} stop
 */

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** What does not get better by asking again; `not_found` does, once the PBX's entry is loaded. */
const FINAL = new Set(["unauthorized", "invalid_format"]);
const REFUSALS = new Set([...FINAL, "not_found"]);

/** @type {Timer} */
const BROWSER = {
  now: () => Date.now(),
  start: (callback, milliseconds) => setTimeout(callback, milliseconds),
  stop: (timer) => clearTimeout(timer),
};

export class DeskConnection {
  /** @type {Freshness} */ #freshness = "connecting";
  #since = 0;
  /** @type {HassError|undefined} */ #error;
  /** Counts the subscriptions asked for: what an older one still says is of no interest. */
  #attempt = 0;
  #pause = FIRST_PAUSE;
  #running = false;
  /** @type {unknown} */ #timer;
  /** @type {Unsubscribe|undefined} */ #unsubscribe;

  /**
   * @param {Connection} connection
   * @param {string|undefined} entryId whose PBX; may be left out while there is one
   * @param {(message: Snapshot|Change) => void} onMessage
   * @param {(freshness: Freshness, since: number, error?: HassError) => void} onState told at the start, at each change
   *   and at each new reason why there is nothing; `since` when it began to be so, in milliseconds since the epoch
   * @param {Timer} timer
   */
  constructor(connection, entryId, onMessage, onState, timer = BROWSER) {
    this.connection = connection;
    this.entryId = entryId;
    this.onMessage = onMessage;
    this.onState = onState;
    this.timer = timer;
  }

  /** Subscribe, and stay subscribed until `stop`. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#pause = FIRST_PAUSE;
    this.connection.addEventListener("ready", this.#ready);
    this.connection.addEventListener("disconnected", this.#disconnected);
    this.#become("connecting");
    if (this.connection.connected !== false) this.#subscribe();
  }

  /** Leave nothing behind: no listener, no timer, no subscription. */
  stop() {
    if (!this.#running) return;
    this.#running = false;
    this.connection.removeEventListener("ready", this.#ready);
    this.connection.removeEventListener("disconnected", this.#disconnected);
    const unsubscribe = this.#forget();
    if (unsubscribe) quietly(unsubscribe);
  }

  #ready = () => {
    this.#forget();
    this.#pause = FIRST_PAUSE;
    this.#subscribe();
  };

  #disconnected = () => {
    // The subscription went with the socket; its number may belong to another one on the next socket.
    this.#forget();
    if (this.#freshness === "live") this.#tell("stale");
  };

  /** Have nothing to do with what was asked so far. */
  #forget() {
    this.#attempt += 1;
    this.timer.stop(this.#timer);
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    return unsubscribe;
  }

  async #subscribe() {
    const attempt = ++this.#attempt;
    const message = { type: "dls_pbx/subscribe", ...(this.entryId && { config_entry_id: this.entryId }) };
    /** @param {Snapshot|Change} rows */
    const hear = (rows) => attempt === this.#attempt && this.#heard(rows);
    try {
      const unsubscribe = await this.connection.subscribeMessage(hear, message, { resubscribe: false });
      if (attempt === this.#attempt) this.#unsubscribe = unsubscribe;
      else quietly(unsubscribe);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(/** @type {HassError} */ (error));
    }
  }

  /** @param {Snapshot|Change} rows */
  #heard(rows) {
    this.#pause = FIRST_PAUSE;
    this.onMessage(rows);
    this.#tell("live");
  }

  /** @param {HassError} error */
  #failed(error) {
    const had = this.#freshness === "live" || this.#freshness === "stale";
    this.#tell(REFUSALS.has(error.code) ? "refused" : had ? "stale" : "connecting", error);
    if (FINAL.has(error.code)) return;
    this.#timer = this.timer.start(() => this.#subscribe(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  /**
   * @param {Freshness} freshness
   * @param {HassError} [error]
   */
  #tell(freshness, error) {
    const news = freshness !== this.#freshness;
    if (news || error?.code !== this.#error?.code) this.#become(freshness, error, news ? this.timer.now() : this.#since);
  }

  /**
   * @param {Freshness} freshness
   * @param {HassError} [error]
   */
  #become(freshness, error, since = this.timer.now()) {
    this.#freshness = freshness;
    this.#error = error;
    this.#since = since;
    this.onState(freshness, since, error);
  }
}

/**
 * Unsubscribe; where that fails, the connection is gone and the subscription with it.
 * @param {Unsubscribe} unsubscribe
 */
async function quietly(unsubscribe) {
  try {
    await unsubscribe();
  } catch {
    // Nobody is left to be told.
  }
}
