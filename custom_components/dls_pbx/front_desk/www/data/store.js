/** Store: all rows of one PBX that this user may read, in step with what `dls_pbx/subscribe` sends. */

/** @import { Table } from "./model-types.js" */
/** @import { Change, Rows, Snapshot } from "./subscribe-types.js" */
/** @typedef {{[table in Table]: Map<string, Rows[table][string]>}} Tables */

/** The rows by table and id. One that did not change stays the same object: compare by identity. */
export class Store {
  /** @type {Tables["queues"]} */ queues = new Map();
  /** @type {Tables["agents"]} */ agents = new Map();
  /** @type {Tables["calls"]} */ calls = new Map();
  /** @type {Tables["phones"]} */ phones = new Map();
  /** @type {Tables["missed"]} */ missed = new Map();
  /** @type {Tables["conversations"]} */ conversations = new Map();
  /** @type {Tables["faxes"]} */ faxes = new Map();
  /** @type {Tables["health"]} */ health = new Map();

  /** How often each table has changed. */
  versions = { queues: 0, agents: 0, calls: 0, phones: 0, missed: 0, conversations: 0, faxes: 0, health: 0 };

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
 * Merge what was sent into a table; return the ids of what changed.
 * @param {Map<string, object>} rows
 * @param {Record<string, object|null>} sent
 * @param {boolean} isAll whether what was not sent is gone
 */
function merge(rows, sent, isAll) {
  /** @type {Set<string>} */
  const changed = new Set();
  for (const [id, row] of Object.entries(sent)) {
    if (row === null ? !rows.delete(id) : equal(row, rows.get(id))) continue;
    if (row) rows.set(id, row);
    changed.add(id);
  }
  const ids = new Set(Object.keys(sent));
  if (isAll) for (const id of rows.keys()) if (!ids.has(id) && rows.delete(id)) changed.add(id);
  return changed;
}

/**
 * Whether two pieces of JSON say the same.
 * @type {(one: any, other: any) => boolean}
 */
export function equal(one, other) {
  if (one === other) return true;
  if (Object(one) !== one || Object(other) !== other) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => equal(one[name], other[name]));
}
