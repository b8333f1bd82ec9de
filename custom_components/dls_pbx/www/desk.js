/** The rows of one PBX. One that did not change stays the same object, so that whoever draws it compares by identity. */

/** @typedef {import("./types.js").Rows} Rows */
/** @typedef {import("./types.js").Queue} Queue */
/** @typedef {import("./types.js").Agent} Agent */
/** @typedef {import("./types.js").Call} Call */
/** @typedef {import("./types.js").Phone} Phone */
/** @typedef {import("./types.js").Missed} Missed */
/** @typedef {import("./types.js").Health} Health */
/** @typedef {keyof Rows} Table */

/** @type {readonly Table[]} */
const TABLES = ["queues", "agents", "calls", "phones", "missed", "health"];

/** All rows of one PBX as far as this user may read them, kept up to date. */
export class Desk {
  /** @type {Map<string, Queue>} */ queues = new Map();
  /** @type {Map<string, Agent>} by auth ID */ agents = new Map();
  /** @type {Map<string, Call>} */ calls = new Map();
  /** @type {Map<string, Phone>} by auth ID */ phones = new Map();
  /** @type {Map<string, Missed>} */ missed = new Map();
  /** @type {Map<string, Health>} by the name of what is asked */ health = new Map();

  /** How often each table has changed. */
  versions = { queues: 0, agents: 0, calls: 0, phones: 0, missed: 0, health: 0 };

  /**
   * Take over what the integration sent.
   * @param {import("./types.js").Snapshot|import("./types.js").Change} message
   * @returns {{tables: Set<Table>, rows: {[table in Table]?: Set<string>}}} what differs from before; a row that came
   *   again as it was does not
   */
  apply(message) {
    /** @type {Set<Table>} */ const tables = new Set();
    /** @type {{[table in Table]?: Set<string>}} */ const rows = {};
    for (const table of TABLES) {
      const changed = this.#merge(table, message[table] ?? {}, message.type === "snapshot");
      if (!changed.size) continue;
      tables.add(table);
      rows[table] = changed;
      this.versions[table] += 1;
    }
    return { tables, rows };
  }

  /**
   * @param {Table} table
   * @param {Record<string, object|null>} news
   * @param {boolean} all whether what is not among the news is gone
   */
  #merge(table, news, all) {
    const rows = /** @type {Map<string, object>} */ (this[table]);
    /** @type {Set<string>} */ const changed = new Set();
    for (const [id, row] of Object.entries(news)) {
      if (row === null ? !rows.has(id) : equal(row, rows.get(id))) continue;
      if (row === null) rows.delete(id);
      else rows.set(id, row);
      changed.add(id);
    }
    if (all) for (const id of rows.keys()) if (!Object.hasOwn(news, id)) rows.delete(id) && changed.add(id);
    return changed;
  }
}

/**
 * Whether two pieces of JSON say the same.
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean}
 */
export function equal(one, other) {
  if (one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  const fields = Object.entries(one);
  return fields.length === Object.keys(other).length
    && fields.every(([name, value]) => equal(value, /** @type {Record<string, unknown>} */ (other)[name]));
}
