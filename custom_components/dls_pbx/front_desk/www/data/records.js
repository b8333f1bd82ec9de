/**
 * Records: rows of the PBX's records, newest first, a page at a time. The PBX is asked once for each page, an answer that
 * was overtaken by another question is dropped, and rows that come twice are known by their ids.
 */

/** @import { HassError } from "../ui/home-assistant-types.js" */
/** @typedef {{id: string}} Row */
/** @template {Row} Kind @typedef {{rows: Kind[], more: boolean, reached?: string|null}} Page `reached`: how far back was looked */
/** @template {Row} Kind @typedef {(before?: string) => Promise<Page<Kind>>} Ask `before`: how far one has looked */

/** @template {Row} Kind */
export class Records {
  /** @type {readonly Kind[]} */ rows = [];
  /** Whether there may be older ones. */ more = false;
  /** Whether older ones were looked for in vain so far, though there are more records. */ isCut = false;
  isLoading = false;
  /** @type {HassError|undefined} */ error;
  /** @type {Ask<Kind>|undefined} */ #ask;
  /** Counts the questions: what an older one brings is of no interest. */ #turn = 0;
  #refreshing = 0;
  /** @type {string|undefined} */ #reached;

  /**
   * @param {(row: Kind) => string|null} timeOf
   * @param {() => void} onChange
   */
  constructor(timeOf, onChange) {
    this.timeOf = timeOf;
    this.onChange = onChange;
  }

  /** Ask something else; what is there stays until the answer is. @param {Ask<Kind>} [ask] */
  restart(ask = this.#ask) {
    this.#ask = ask;
    return this.#load();
  }

  /** The page after the last one. */
  async next() {
    const last = [...this.rows].reverse().find((row) => this.timeOf(row) !== null);
    const before = this.#reached ?? (last && this.timeOf(last));
    if (!this.isLoading && this.more && before) await this.#load(before);
  }

  /** What has come since, or has changed. Asked for while it is on its way, it is asked for once more. */
  async refresh() {
    if (!this.#ask || this.#refreshing++) return;
    const turn = this.#turn;
    do {
      this.#refreshing = 1;
      const page = await this.#ask().catch(() => null);
      if (turn !== this.#turn) break;
      if (!page) continue;
      const known = new Set(this.rows.map(({ id }) => id));
      // Between these and those there may be others, which nobody has.
      if (page.more && page.rows.length && !page.rows.some(({ id }) => known.has(id))) {
        [this.rows, this.more] = [[], page.more];
      }
      this.error = undefined;
      this.take(page.rows);
    } while (this.#refreshing > 1);
    this.#refreshing = 0;
  }

  /** Rows that are known from elsewhere, new or changed ones. @param {readonly Kind[]} rows */
  take(rows) {
    this.rows = merged(this.rows, rows, this.timeOf);
    this.onChange();
  }

  /** Have no more to do with what was asked so far. */
  stop() {
    this.#turn += 1;
  }

  /** @param {string} [before] */
  #load = async (before) => {
    const turn = ++this.#turn;
    [this.isLoading, this.error] = [true, undefined];
    this.onChange();
    try {
      const page = await /** @type {Ask<Kind>} */ (this.#ask)(before);
      if (turn !== this.#turn) return;
      const rows = merged(before ? this.rows : [], page.rows, this.timeOf);
      this.isCut = page.more && rows.length === (before ? this.rows.length : 0);
      this.#reached = page.reached ?? undefined;
      // The same question would have the same answer.
      const goesOn = this.#reached !== undefined && this.#reached !== before;
      this.more = page.more && (!this.isCut || goesOn);
      this.rows = rows;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = /** @type {HassError} */ (error ?? {});
      if (!before) this.rows = [];
    }
    this.isLoading = false;
    this.onChange();
  };
}

/**
 * Both, newest first; of those with the same id the newer one, or the older object where they say the same.
 * @template {Row} Kind
 * @param {readonly Kind[]} known
 * @param {readonly Kind[]} more
 * @param {(row: Kind) => string|null} timeOf
 * @returns {readonly Kind[]}
 */
export function merged(known, more, timeOf) {
  const rows = new Map(known.map((row) => [row.id, row]));
  for (const row of more) if (JSON.stringify(row) !== JSON.stringify(rows.get(row.id))) rows.set(row.id, row);
  /** @type {(row: Kind) => number} */
  const age = (row) => Date.parse(timeOf(row) ?? "") || 0;
  /** @type {(row: Kind) => number} */
  const number = ({ id }) => Number(id) || 0;
  return [...rows.values()].sort((one, other) => age(other) - age(one) || number(other) - number(one));
}
