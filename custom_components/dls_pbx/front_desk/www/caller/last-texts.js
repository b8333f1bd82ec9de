/** The last texts from and to a caller, and the box for one more. */

/** @import { CallerInfo, Message } from "../data/records-types.js" */
/** @import { Asking } from "../ui/asking.js" */

import { element } from "../ui/dom.js";
import { messageRow } from "../messages/message-row.js";
import { replyBox } from "../messages/reply-box.js";

const LIMIT = 6;

/** @type {(asking: Asking, id: string) => Promise<HTMLElement>} */
export async function lastTexts(asking, id) {
  const { t, ask } = asking;
  const command = /** @type {typeof ask<{messages: Message[]}>} */ (ask);
  const { messages } = await command("conversation", { conversation_id: id, limit: LIMIT });
  if (!messages.length) return element("p", { class: "muted" }, t("caller_no_texts"));
  const rows = [...messages].sort(
    (one, other) => Date.parse(one.time ?? "") - Date.parse(other.time ?? "") || Number(one.id) - Number(other.id),
  );
  const bubbles = rows.slice(-LIMIT).map((message) => {
    const row = messageRow(asking);
    row.update(message);
    return row.root;
  });
  const how = { role: "list", class: "bubbles", tabindex: "0", "aria-label": t("messages_thread") };
  return element("ul", how, ...bubbles);
}

/** @type {(asking: Asking, caller: CallerInfo, onSent: () => void) => ReturnType<typeof replyBox>} */
export function textBox(asking, { number, tel, name, opted_out, conversation_id }, onSent) {
  const box = replyBox(asking, onSent);
  box.show({ id: conversation_id, number, tel, name, opted_out });
  return box;
}
