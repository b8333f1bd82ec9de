/**
 * Drafts: what is being written, and what became of it. They outlive the cards that show them, which a dashboard may build
 * anew at any time. A text is sent once for each press of the button, and never again by itself.
 */

/** @import { Translate } from "../data/model-types.js" */
/** @import { Asking } from "../ui/asking.js" */

import { errorText, isLost } from "../ui/errors.js";

/** Characters, as the PBX counts them. */
export const LIMIT = 200;

/**
 * @typedef {object} Draft
 * @property {string} to
 * @property {string} body
 * @property {boolean} isSending
 * @property {string} done what to say of a text that is on its way, or was sent
 * @property {string} failed why it was not, or that nobody knows
 * @property {Set<() => void>} shownBy those who show it
 */

/** @type {Map<string, Draft>} */
const drafts = new Map();

/** The draft of that name: the same object each time. @type {(key: string) => Draft} */
export function draftOf(key) {
  let draft = drafts.get(key);
  if (!draft) {
    draft = { to: "", body: "", isSending: false, done: "", failed: "", shownBy: new Set() };
    drafts.set(key, draft);
  }
  return draft;
}

/** @type {(draft: Draft, changes: Partial<Draft>) => void} */
export function changeDraft(draft, changes) {
  Object.assign(draft, changes);
  for (const show of draft.shownBy) show();
}

/** @type {(text: string) => number} */
export const lengthOf = (text) => [...text].length;

/** What is wrong with its length. @type {(t: Translate, text: string) => string|undefined} */
export function tooLong(t, text) {
  const count = lengthOf(text) - LIMIT;
  return count > 0 ? t("sms_over", { count }) : undefined;
}

/**
 * Send a draft, once; whether the PBX has taken it.
 * @type {(asking: Asking, draft: Draft, recipient: string, shown?: string) => Promise<boolean>} `shown`: how the recipient is called
 */
export async function sendDraft({ t, act }, draft, recipient, shown = recipient) {
  if (draft.isSending) return false;
  const invalid = !recipient ? t("sms_no_recipient") : draft.body.trim() ? tooLong(t, draft.body) : t("sms_no_message");
  if (invalid) {
    changeDraft(draft, { done: "", failed: invalid });
    return false;
  }
  changeDraft(draft, { isSending: true, done: t("sms_sending"), failed: "" });
  try {
    await act("send_sms", { recipients: [recipient], message: draft.body }, true);
    // Nothing is left that could be sent a second time by mistake.
    changeDraft(draft, { isSending: false, to: "", body: "", done: t("sms_sent", { recipient: shown }) });
    return true;
  } catch (error) {
    const { message } = /** @type {{message?: string}} */ (error ?? {});
    const failed = isLost(error) || !message ? t("sms_unsure") : errorText(t, error);
    changeDraft(draft, { isSending: false, done: "", failed });
    return false;
  }
}
