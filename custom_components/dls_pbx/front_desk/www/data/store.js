/** @import { Table } from "./model-types.js" */
/** @import { Change, Rows, Snapshot } from "./subscribe-types.js" */
/** @typedef {{[table in Table]: Map<string, Rows[table][string]>}} Tables */

/** All rows of one PBX that this user may read. One that did not change stays the same object: compare by identity. */
export class Desk {
  /** @type {Tables["queues"]} */ queues = new Map();
  /** @type {Tables["agents"]} */ agents = new Map();
  /** @type {Tables["calls"]} */ calls = new Map();
  /** @type {Tables["phones"]} */ phones = new Map();
  /** @type {Tables["missed"]} */ missed = new Map();
  /** @type {Tables["health"]} */ health = new Map();

  /** How often each table has changed. */
  versions = { queues: 0, agents: 0, calls: 0, phones: 0, missed: 0, health: 0 };

  /**
   * Take over what the integration sent; a row that came again as it was is no change.
   * @param {Snapshot|Change} message
   */
  apply(message) {
    /** @type {{tables: Set<Table>, rows: {[table in Table]?: Set<string>}}} */
    const changes = { tables: new Set(), rows: {} };
    for (const table of /** @type {Table[]} */ (Object.keys(this.versions))) {
      const ids = merge(this[table], message[table] ?? {}, message.type === "snapshot");
      if (!ids.size) continue;
      this.versions[table] += 1;
      changes.tables.add(table);
      changes.rows[table] = ids;
    }
    return changes;
  }
}

/**
 * @param {Map<string, object>} rows
 * @param {Record<string, object|null>} news
 * @param {boolean} all whether what is not among the news is gone
 */
function merge(rows, news, all) {
  /** @type {Set<string>} */
  const changed = new Set();
  for (const [id, row] of Object.entries(news)) {
    if (row === null ? !rows.delete(id) : equal(row, rows.get(id))) continue;
    if (row) rows.set(id, row);
    changed.add(id);
  }
  if (all) for (const id of rows.keys()) if (!Object.hasOwn(news, id) && rows.delete(id)) changed.add(id);
  return changed;
}

/**
 * Whether two pieces of JSON say the same.
 * @type {(one: any, other: any) => boolean}
 */
export function equal(one, other) {
  if (one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => equal(one[name], other[name]));
}
