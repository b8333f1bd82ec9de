/** One conversation: its texts, the newest at the bottom, and the box for a reply. */

/** @import { Message } from "../data/records-types.js" */
/** @import { Conversation } from "../data/subscribe-types.js" */
/** @import { Asking } from "../ui/asking.js" */

import { Records } from "../data/records.js";
import { callerLink } from "../ui/caller-link.js";
import { element, setAttribute, setText } from "../ui/dom.js";
import { errorBand } from "../ui/error-band.js";
import { icon, setIcon } from "../ui/icons.js";
import { KeyedList } from "../ui/keyed-list.js";
import { messageRow } from "./message-row.js";
import { replyBox } from "./reply-box.js";

const PAGE = 50;
/** So near the end, in pixels, one reads the newest. */
const NEAR = 60;

/**
 * @typedef {object} Thread
 * @property {HTMLElement} root
 * @property {(row: Conversation) => void} open
 * @property {(row: Conversation) => void} update what is known of them by now
 * @property {() => void} refresh read what is new
 * @property {() => void} focus
 * @property {() => void} stop
 */

/** @type {(asking: Asking, back: () => void) => Thread} */
export function thread(asking, back) {
  const { t, ask } = asking;
  /** @type {Conversation|undefined} */ let shown;
  /** @type {Records<Message>} */ const records = new Records(({ time }) => time, render);
  const band = errorBand(t, () => records.restart());
  const arrow = icon();
  setIcon(arrow, "back");
  const leave = element(
    "button",
    { type: "button", class: "back", "data-do": "back", "aria-label": t("do_back") },
    arrow,
  );
  const link = callerLink(asking);
  const title = element("h2", { tabindex: "-1" }, link.root);
  const about = element("small");
  const older = element("button", { type: "button", class: "more", "data-do": "older" }, t("do_older"));
  const list = new KeyedList(
    ({ id }) => id,
    () => messageRow(asking),
    element("ul", { role: "list", class: "bubbles" }),
  );
  const how = { class: "scroll", role: "log", tabindex: "0", "aria-label": t("messages_thread") };
  const place = element("div", how, older, list.root);
  const reply = replyBox(asking, () => records.refresh());
  const head = element("div", { class: "head" }, leave, element("div", {}, title, about));
  const root = element("div", { class: "open", "data-thread": "" }, head, band.root, place, reply.root);
  leave.addEventListener("click", back);
  older.addEventListener("click", () => records.next());

  function render() {
    const isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR;
    const fromEnd = place.scrollHeight - place.scrollTop;
    const rows = [...records.rows].reverse();
    list.render(rows);
    older.hidden = !records.more;
    setAttribute(older, "aria-disabled", String(records.isLoading));
    setAttribute(place, "aria-busy", String(records.isLoading));
    band.show(records.error);
    // The newest is at the bottom; who reads older ones stays where they are.
    place.scrollTop = isAtEnd ? place.scrollHeight : place.scrollHeight - fromEnd;
  }

  /** @param {Conversation} row */
  function update(row) {
    shown = row;
    link.update(row.name || row.number, row.tel ?? row.id);
    const own = row.own_number && t("messages_own_number", { number: row.own_number });
    setText(about, [row.name && row.number, row.vip && t("row_vip"), own].filter(Boolean).join(" · "));
    reply.show(row);
  }

  /** @param {Conversation} row */
  function open(row) {
    if (shown?.id !== row.id) {
      list.render([]);
      records.rows = [];
      setAttribute(root, "data-thread", row.id);
    }
    update(row);
    const fields = { conversation_id: row.id, limit: PAGE };
    void records.restart(async (before) => {
      const command = /** @type {typeof ask<{messages: Message[], more: boolean}>} */ (ask);
      const { messages: rows, more } = await command("conversation", { ...fields, ...(before && { before }) });
      return { rows, more };
    });
  }

  function stop() {
    records.stop();
    band.stop();
    reply.stop();
  }
  return { root, open, update, refresh: () => void records.refresh(), focus: () => title.focus(), stop };
}
