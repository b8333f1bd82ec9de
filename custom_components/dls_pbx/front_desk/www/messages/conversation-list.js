/** List of the conversations, with a search, and how many are unanswered. */

/** @import { Conversation } from "../data/subscribe-types.js" */
/** @import { Records } from "../data/records.js" */
/** @import { Row } from "../ui/keyed-list.js" */
/** @import { Asking } from "../ui/asking.js" */

import { debounced } from "../ui/debounced.js";
import { element, setAttribute, setText } from "../ui/dom.js";
import { errorBand } from "../ui/error-band.js";
import { icon, setIcon } from "../ui/icons.js";
import { KeyedList } from "../ui/keyed-list.js";
import { moreButton } from "../ui/more.js";
import { timeOnRecord } from "../ui/time-on-record.js";

/**
 * @typedef {object} ConversationList
 * @property {HTMLElement} root
 * @property {() => void} render
 * @property {(id: string) => void} focus
 * @property {() => void} stop
 */

/**
 * @param {Asking} asking
 * @param {Records<Conversation>} records
 * @param {object} on
 * @param {(row: Conversation) => void} on.open
 * @param {(words: string) => void} on.search
 * @param {() => string|undefined} on.current the id of the open one
 * @returns {ConversationList}
 */
export function conversationList(asking, records, { open, search, current }) {
  const { t } = asking;
  const band = errorBand(t, () => records.restart());
  const unanswered = element("span", { class: "pill", "data-count": "", role: "status" });
  const box = element("input", {
    type: "search",
    "aria-label": t("messages_search"),
    placeholder: t("messages_search"),
  });
  const list = new KeyedList(
    ({ id }) => id,
    () => conversationRow(asking, open),
    element("ul", { role: "list", "aria-label": t("messages_list") }),
  );
  const empty = element("p", { class: "empty", role: "status" });
  const more = moreButton(t, () => records.next());
  const head = element("div", { class: "head" }, element("h2", {}, t("messages_title")), unanswered);
  const place = element("div", { class: "scroll" }, list.root, empty, more.root);
  const root = element("div", { class: "side" }, head, box, band.root, place);
  const later = debounced(() => search(box.value.trim()));
  box.addEventListener("input", later.soon);

  function render() {
    const { rows, isLoading, error } = records;
    list.render(rows);
    for (const row of list.root.children) {
      const isCurrent = row.getAttribute("data-conversation") === current();
      setAttribute(/** @type {Element} */ (row.firstChild), "aria-current", String(isCurrent));
    }
    const count = rows.filter((row) => row.unanswered).length;
    unanswered.hidden = !count;
    setText(unanswered, count ? t("messages_unanswered", { count }) : "");
    setAttribute(place, "aria-busy", String(isLoading));
    const nothing = isLoading
      ? t("band_connecting")
      : box.value.trim()
        ? t("messages_none", { search: box.value.trim() })
        : t("messages_empty");
    setText(empty, rows.length || error ? (records.isCut ? t("messages_cut") : "") : nothing);
    more.show(records.more, isLoading);
    band.show(error);
  }

  /** @param {string} id */
  function focus(id) {
    const rows = /** @type {HTMLElement[]} */ ([...list.root.children]);
    const row = rows.find(({ dataset }) => dataset.conversation === id);
    /** @type {HTMLElement} */ (row?.firstChild ?? box).focus();
  }

  function stop() {
    later.stop();
    more.stop();
    band.stop();
  }
  return { root, render, focus, stop };
}

/** @type {(asking: Asking, open: (row: Conversation) => void) => Row<Conversation>} */
function conversationRow({ t, hass }, open) {
  const star = icon();
  setIcon(star, "star");
  star.classList.add("star");
  const vip = element("span", {}, star, element("span", { class: "spoken" }, t("row_vip")));
  const title = element("span");
  const name = element("span", { class: "name" }, title, " ", vip);
  const time = element("time");
  const last = element("span", { class: "last", dir: "auto" });
  const pill = element("span", { class: "pill" }, t("messages_is_unanswered"));
  const where = element("small");
  const foot = element("span", { class: "foot" }, pill, where);
  const button = element(
    "button",
    { type: "button", class: "conversation", "data-do": "open" },
    name,
    time,
    last,
    foot,
  );
  const root = element("li", {}, button);
  /** @type {Conversation|undefined} */ let row;
  button.addEventListener("click", () => row && open(row));
  /** @param {Conversation} next */
  function update(next) {
    row = next;
    setAttribute(root, "data-conversation", row.id);
    setAttribute(button, "data-unanswered", String(row.unanswered));
    setText(title, row.name || row.number);
    vip.hidden = !row.vip;
    setText(time, row.last.time ? timeOnRecord(row.last.time, Date.now(), hass()) : "");
    setText(last, row.unanswered ? row.last.text : t("messages_ours", { text: row.last.text }));
    pill.hidden = !row.unanswered;
    const failed = row.last.status === "failure" && !row.unanswered && t("delivery_failure");
    const own = row.own_number && t("messages_own_number", { number: row.own_number });
    setText(where, [failed, row.name && row.number, own].filter(Boolean).join(" · "));
    foot.hidden = pill.hidden && !where.textContent;
  }
  return { root, update };
}
