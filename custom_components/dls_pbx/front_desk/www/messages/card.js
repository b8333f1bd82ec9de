/**
 * Card `custom:dls-pbx-messages`. What the browser's tests hold on to: `[data-conversation]`, `[data-thread]`,
 * `[data-message]` with `[data-side]`, `[data-count]`, `[data-closed]`, `[data-do]` and `[data-band]`.
 */

/** @import { Conversation } from "../data/subscribe-types.js" */
/** @import { Asking } from "../ui/asking.js" */
/** @import { Content } from "../ui/panel-card.js" */
/** @import { Thread } from "./thread.js" */

import { Records } from "../data/records.js";
import { Subscription } from "../data/subscription.js";
import { element, setText } from "../ui/dom.js";
import { PanelCard } from "../ui/panel-card.js";
import { timeOfDay } from "../ui/time.js";
import { conversationList } from "./conversation-list.js";
import { CSS } from "./style.js";

/** Home Assistant's form of the options. */
export const form = () => import("../ui/card-form.js").then((cardForm) => cardForm.form());

/** Which conversation is open, by PBX: a dashboard may build its cards anew at any time. @type {Map<string, Conversation>} */
const opened = new Map();

/** @type {(asking: Asking) => Content} */
function messages(asking) {
  const { t, hass, entryId, ask } = asking;
  const key = entryId ?? "";
  let [words, isThere] = ["", true];
  /** @type {Records<Conversation>} */ const records = new Records(({ last }) => last.time, render);
  const list = conversationList(asking, records, { open: choose, search, current: () => opened.get(key)?.id });
  /** @type {Thread|undefined} */ let pane;
  const stale = element("p", { class: "band", role: "status" });
  const place = element("div", { class: "thread" }, element("p", { class: "empty" }, t("messages_choose")));
  const panes = element("div", { class: "messages", "data-pane": "list" }, list.root, place);
  const root = element("div", {}, stale, panes);
  stale.hidden = true;

  function render() {
    list.render();
    const known = records.rows.find(({ id }) => id === opened.get(key)?.id);
    if (!known || known === opened.get(key)) return;
    opened.set(key, known);
    pane?.update(known);
  }

  /** @param {Conversation} row */
  async function choose(row) {
    await open(row);
    pane?.focus();
  }

  /** Most of the card is needed by whoever opens a conversation, and not before. @param {Conversation} row */
  async function open(row) {
    opened.set(key, row);
    panes.dataset.pane = "thread";
    list.render();
    const module = await import("./thread.js").catch(() => null);
    if (!isThere || opened.get(key)?.id !== row.id) return;
    // Home Assistant is not there, or there is a newer one than this page is from.
    if (!module) return place.replaceChildren(element("p", { role: "alert" }, t("error_connection")));
    pane ??= module.thread(asking, back);
    place.replaceChildren(pane.root);
    pane.open(row);
  }

  function back() {
    const left = opened.get(key)?.id ?? "";
    opened.delete(key);
    panes.dataset.pane = "list";
    list.render();
    list.focus(left);
  }

  /** @param {string} sought */
  function search(sought) {
    words = sought;
    void records.restart(async (before) => {
      const command = /** @type {typeof ask<{conversations: Conversation[], more: boolean}>} */ (ask);
      const fields = { ...(sought && { search: sought }), ...(before && { before }) };
      const { conversations: rows, more } = await command("conversations", fields);
      return { rows, more };
    });
  }

  /** @type {import("../data/subscription.js").Subscription|undefined} */ let subscription;

  /** @param {object} message a snapshot or a change of the office */
  function receive(message) {
    const sent = /** @type {{conversations?: Record<string, Conversation|null>}} */ (message).conversations ?? {};
    const rows = Object.values(sent).filter((row) => row !== null);
    // Among those that were looked for, only the PBX can tell whether they belong.
    if (words && rows.length) void records.refresh();
    else if (rows.length) records.take(rows);
    if (sent[opened.get(key)?.id ?? ""]) pane?.refresh();
  }

  function start() {
    search("");
    const last = opened.get(key);
    if (last) void open(last);
    let wasLive = false;
    subscription = new Subscription(hass().connection, entryId, receive, (freshness, since) => {
      stale.hidden = freshness !== "stale";
      setText(stale, stale.hidden ? "" : t("band_stale", { time: timeOfDay(since, Date.now(), hass()) }));
      if (freshness !== "live") return;
      // What came meanwhile.
      if (wasLive || records.error) refresh();
      wasLive = true;
    });
    subscription.start();
  }

  function refresh() {
    if (records.error) void records.restart();
    else void records.refresh();
    pane?.refresh();
  }

  function stop() {
    isThere = false;
    subscription?.stop();
    records.stop();
    list.stop();
    pane?.stop();
  }
  return { root, start, stop };
}

export class Card extends PanelCard {
  constructor() {
    super(CSS, messages);
  }
}
