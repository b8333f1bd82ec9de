/** Section of the newest conversations, with marks where nobody has answered. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Conversation } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { conversationList } from "../../data/selectors.js";
import { setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { timeOfDay } from "../../ui/time.js";
import { callerTitle, listRow, nameAndNumber, vip } from "../list-row.js";
import { listSection } from "../section.js";

/** The rest is on the page of all messages. */
const SHOWN = 8;

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  /** @returns {Row<Entry<Conversation>>} */
  function build() {
    const { root, svg, title, detail, time } = listRow();
    const showName = callerTitle(context, title);
    /** @param {Entry<Conversation>} item */
    function update([id, conversation]) {
      const { last, unanswered } = conversation;
      setAttribute(root, "data-conversation", id);
      setAttribute(root, "data-state", unanswered ? "unanswered" : "answered");
      setIcon(svg, last.direction === "inbound" ? "inbound" : "outbound");
      showName(vip(conversation, nameAndNumber(t, conversation)[0]), conversation.id);
      setText(detail, last.text);
      setText(time, last.time === null ? "" : timeOfDay(last.time, context.now(), context.hass()));
    }
    return { root, update };
  }
  const list = new KeyedList((/** @type {Entry<Conversation>} */ [id]) => id, build);
  const items = () => conversationList(store, settings).slice(0, SHOWN);
  return listSection(context, "messages", list, items, { isUnknown: () => false, isHiddenEmpty: true });
}
