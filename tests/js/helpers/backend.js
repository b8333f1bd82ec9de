/** Backend of the tests: a Home Assistant, and the frontend's own websocket library on a line to it that can be cut. */

import { afterEach } from "node:test";

import { Connection } from "../../../.venv/node_modules/home-assistant-js-websocket/dist/index.js";

/** @import { HassError } from "../../../custom_components/dls_pbx/front_desk/www/ui/home-assistant-types.js" */
/** @typedef {{id: number, type: string, [field: string]: unknown}} Command */

/** What a browser's WebSocket is to the library. */
class Line extends EventTarget {
  OPEN = 1;
  readyState = 1;
  haVersion = "2026.10.4";

  /** @param {Backend} backend */
  constructor(backend) {
    super();
    this.backend = backend;
  }

  /** @param {string} text */
  send(text) {
    this.backend.received.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

/** @type {Backend[]} */
const started = [];

/** A browser whose Home Assistant is gone tries for ever to come back. */
afterEach(() => started.splice(0).forEach((backend) => backend.connection.close()));

export class Backend {
  constructor() {
    started.push(this);
  }

  /** @type {Command[]} */ received = [];
  /** Whether a new connection is accepted. */
  up = true;
  /** @type {Line} */ #line = new Line(this);

  /** The browser's connection to it, as `hass.connection`. */
  connection = new Connection(/** @type {any} */ (this.#line), {
    setupRetry: 0,
    createSocket: async () => {
      if (!this.up) throw new Error("refused");
      this.#line = new Line(this);
      return /** @type {any} */ (this.#line);
    },
  });

  /** @type {() => Command[]} what was received since the last time */
  take() {
    return this.received.splice(0);
  }

  /** @type {() => number} the only subscription asked for since the last time, by its number */
  subscription() {
    const [command, ...more] = this.take();
    if (command?.type !== "dls_pbx/subscribe" || more.length) throw new Error(`not one subscription: ${command?.type}`);
    return command.id;
  }

  /** @type {(id: number, event: object) => void} */
  event(id, event) {
    this.#send({ id, type: "event", event });
  }

  /** @type {(id: number) => Promise<void>} */
  async accept(id) {
    this.#send({ id, type: "result", success: true, result: null });
    await settled();
  }

  /** @type {(id: number, error: HassError) => Promise<void>} */
  async refuse(id, error) {
    this.#send({ id, type: "result", success: false, error });
    await settled();
  }

  cut() {
    this.up = false;
    this.#line.close();
  }

  /** Be there again, and see the browser come back. */
  async ready() {
    this.up = true;
    await new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      const listener = () => {
        this.connection.removeEventListener("ready", listener);
        resolve();
      };
      this.connection.addEventListener("ready", listener);
    });
    await settled();
  }

  async restart() {
    this.cut();
    await this.ready();
  }

  /** @param {object} message */
  #send(message) {
    this.#line.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

/** Whatever promises are already kept have been heard of. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until it is told. */
export class Clock {
  time = 0;
  /** @type {Map<number, {callback: () => void, at: number}>} */ timers = new Map();
  #last = 0;

  now = () => this.time;

  /** @type {(callback: () => void, milliseconds: number) => number} */
  start = (callback, milliseconds) => {
    this.timers.set(++this.#last, { callback, at: this.time + milliseconds });
    return this.#last;
  };

  /** @type {(timer: number) => void} */
  stop = (timer) => void this.timers.delete(timer);

  /** @type {() => Promise<number>} let the next timer run; how many milliseconds that took */
  async next() {
    const [timer, ...more] = this.timers;
    if (!timer || more.length) throw new Error(`${this.timers.size} timers run`);
    const [id, { callback, at }] = timer;
    const waited = at - this.time;
    this.timers.delete(id);
    this.time = at;
    callback();
    await settled();
    return waited;
  }
}
