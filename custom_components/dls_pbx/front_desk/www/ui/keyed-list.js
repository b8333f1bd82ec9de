/** Keyed list: a list whose elements are in step with its items. */

import { element } from "./dom.js";

/**
 * One element of a list: built once, and called when what it shows has changed, or a second has passed.
 * @template Item
 * @typedef {{root: HTMLElement, update: (item: Item) => void, tick?: (now: number) => void}} Row
 */

/**
 * Builds, updates, moves and removes elements; those whose items are the same objects as before are left alone.
 * @template Item
 */
export class KeyedList {
  /** @type {Map<string, {row: Row<Item>, item: Item}>} */ #rows = new Map();
  /** @type {readonly Item[]|undefined} */ #items;

  /**
   * @param {(item: Item) => string} key
   * @param {() => Row<Item>} build
   * @param {HTMLElement} root where the elements are
   */
  constructor(key, build, root = element("ul", { role: "list", tabindex: "0" })) {
    this.key = key;
    this.build = build;
    this.root = root;
  }

  /** @param {readonly Item[]} items */
  render(items) {
    if (items === this.#items) return;
    this.#items = items;
    const before = this.#rows;
    this.#rows = new Map();
    for (const item of items) this.#rows.set(this.key(item), this.#updated(before, item));
    for (const [key, { row }] of before) if (!this.#rows.has(key)) row.root.remove();
    this.#arrange();
  }

  /** @type {(before: Map<string, {row: Row<Item>, item: Item}>, item: Item) => {row: Row<Item>, item: Item}} */
  #updated = (before, item) => {
    const old = before.get(this.key(item));
    if (old?.item === item) return old;
    const row = old?.row ?? this.build();
    row.update(item);
    return { row, item };
  };

  #arrange = () => {
    let place = this.root.firstChild;
    for (const { row } of this.#rows.values()) {
      // One that went further down: all between would move up, were it not passed over.
      if (place && place !== row.root && place.nextSibling === row.root) place = row.root;
      if (place === row.root) place = place.nextSibling;
      else this.root.insertBefore(row.root, place);
    }
  };

  /** @param {number} now milliseconds since the epoch */
  tick(now) {
    for (const { row } of this.#rows.values()) row.tick?.(now);
  }
}
