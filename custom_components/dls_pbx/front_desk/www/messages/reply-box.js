/** Reply box of a conversation: says whose name a reply goes out under, and is closed for those who want no texts. */

/** @import { Asking } from "../ui/asking.js" */

/**
 * @typedef {object} Addressee
 * @property {string} id of the conversation
 * @property {string} number as people here write it
 * @property {string|null} tel in E.164
 * @property {string|null} name
 * @property {string|null} [own_number] which of our numbers they wrote to
 * @property {boolean|null} opted_out
 */

import { element, setText } from "../ui/dom.js";
import { layoutOf } from "../ui/asking.js";
import { composer } from "./composer.js";
import { draftOf } from "./drafts.js";

/** @type {(asking: Asking, onSent: () => void) => {root: HTMLElement, show: (to: Addressee) => void, focus: () => void, stop: () => void}} */
export function replyBox(asking, onSent) {
  const { t, entryId } = asking;
  /** @type {Addressee|undefined} */ let to;
  const who = () => to?.name || to?.number || "";
  const form = composer(asking, { recipient: () => to?.tel ?? to?.id ?? "", shown: who, onSent });
  const closed = element("p", { class: "closed", "data-closed": "" });
  const sender = element("small", { "data-sender": "" });
  const own = element("small", { "data-own": "" });
  const root = element("div", { class: "reply" }, closed, form.root, element("p", { class: "truth" }, sender, own));
  sender.hidden = true;
  void layoutOf(asking).then((layout) => {
    sender.hidden = !layout?.sender;
    if (layout?.sender) setText(sender, t("sms_sender", { sender: layout.sender }));
  });

  /** @param {Addressee} next */
  function show(next) {
    if (to?.id !== next.id) form.use(draftOf(`${entryId ?? ""} ${next.id}`));
    to = next;
    const isClosed = to.opted_out === true;
    closed.hidden = !isClosed;
    setText(closed, t("sms_opted_out", { name: who() }));
    form.root.hidden = isClosed;
    own.hidden = !to.own_number || isClosed;
    setText(own, to.own_number ? t("sms_own_number", { number: to.own_number }) : "");
  }
  return { root, show, focus: form.focus, stop: form.stop };
}
