/** A text of a conversation as a bubble: ours on one side, theirs on the other. */

/** @import { Message } from "../data/records-types.js" */
/** @import { Row } from "../ui/keyed-list.js" */
/** @import { Asking } from "../ui/asking.js" */

import { element, setAttribute, setText } from "../ui/dom.js";
import { timeOnRecord } from "../ui/time-on-record.js";

/** What the PBX says became of a text. */
const STATUS = ["success", "failure"];

/** @type {(asking: Asking) => Row<Message>} */
export function messageRow({ t, hass }) {
  const whose = element("span", { class: "spoken" });
  const text = element("p", { dir: "auto" });
  const detail = element("small");
  const root = element("li", {}, whose, text, detail);
  /** @param {Message} message */
  function update(message) {
    const isTheirs = message.direction === "inbound";
    const when = message.time ? timeOnRecord(message.time, Date.now(), hass()) : "";
    const by = !isTheirs && message.extension && t("sms_by", { extension: message.extension });
    const status = !isTheirs && STATUS.includes(message.status ?? "") && t(`delivery_${message.status}`);
    setAttribute(root, "data-message", message.id);
    setAttribute(root, "data-side", isTheirs ? "theirs" : "ours");
    setAttribute(root, "data-status", message.status ?? "");
    setText(whose, isTheirs ? t("sms_theirs") : t("sms_ours"));
    setText(text, message.text);
    setText(detail, [when, by, status].filter(Boolean).join(" · "));
  }
  return { root, update };
}

/** Its style, wherever it is shown. */
export const BUBBLES = `
.bubbles { display: grid; gap: .5em; align-content: start; }
.bubbles li { max-inline-size: 85%; padding: .5em .8em; border-radius: 1em; border: 1px solid var(--edge); justify-self: start; border-end-start-radius: .2em; }
.bubbles li[data-side=ours] { justify-self: end; border-radius: 1em; border-end-end-radius: .2em; background: var(--tint); border-color: var(--accent); }
.bubbles li[data-status=failure][data-side=ours] { border: 2px solid var(--bad); }
.bubbles li[data-status=failure][data-side=ours] small { color: var(--bad); font-weight: 500; }
.bubbles p { white-space: pre-wrap; overflow-wrap: anywhere; }
.composer { display: grid; gap: .5em; }
.actions { display: flex; gap: .5em; align-items: center; flex-wrap: wrap; justify-content: end; }
.actions .count { margin-inline-end: auto; }
.count[data-level=red] { color: var(--bad); font-weight: 500; }
.composer [role=status]:empty, .composer [role=alert]:empty { display: none; }
.closed { padding: .6em .8em; border-inline-start: 4px solid var(--bad); font-weight: 500; }
.truth { display: flex; flex-wrap: wrap; gap: 0 1.2em; }
`;
