/** Form for one text message: the text, how long it may be, the button that sends it, and what became of it. */

/** @import { Asking } from "../ui/asking.js" */
/** @import { Draft } from "./drafts.js" */

import { element, setAttribute, setText } from "../ui/dom.js";
import { LIMIT, changeDraft, lengthOf, sendDraft, tooLong } from "./drafts.js";

/**
 * @typedef {object} Composer
 * @property {HTMLFormElement} root
 * @property {(draft: Draft) => void} use show and change that one from now on
 * @property {() => void} focus
 * @property {() => void} stop
 */

/**
 * @param {Asking} asking
 * @param {object} how
 * @param {(draft: Draft) => string} how.recipient whom it goes to
 * @param {(draft: Draft) => string} [how.shown] how they are called
 * @param {HTMLInputElement} [how.to] a field for whom it goes to
 * @param {() => void} [how.onSent]
 * @returns {Composer}
 */
export function composer(asking, { recipient, shown = recipient, to, onSent }) {
  const { t } = asking;
  const body = element("textarea", { rows: "3", "aria-label": t("sms_message"), placeholder: t("sms_message") });
  const count = element("small", { class: "count" });
  const send = element("button", { "data-do": "send", class: "main" }, t("do_send"));
  const clear = element("button", { type: "button", "data-do": "clear" }, t("do_clear"));
  const status = element("p", { role: "status" });
  const alert = element("p", { role: "alert" });
  const actions = element("div", { class: "actions" }, count, clear, send);
  const root = element("form", { class: "composer" }, ...(to ? [to] : []), body, actions, status, alert);
  /** @type {Draft|undefined} */ let draft;

  function show() {
    if (!draft) return;
    // Setting the same would move the cursor.
    if (body.value !== draft.body) body.value = draft.body;
    if (to && to.value !== draft.to) to.value = draft.to;
    const over = tooLong(t, draft.body);
    setText(count, over ?? t("sms_count", { count: lengthOf(draft.body), limit: LIMIT }));
    setAttribute(count, "data-level", over ? "red" : "ok");
    setText(status, draft.done);
    setText(alert, draft.failed);
    // What is written stays as it was sent until the PBX has answered.
    body.readOnly = clear.disabled = draft.isSending;
    if (to) to.readOnly = draft.isSending;
    setAttribute(send, "aria-disabled", String(draft.isSending));
  }

  function stop() {
    draft?.shownBy.delete(show);
    draft = undefined;
  }

  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (draft && (await sendDraft(asking, draft, recipient(draft).trim(), shown(draft).trim()))) onSent?.();
  });
  root.addEventListener("input", () => {
    if (draft) changeDraft(draft, { body: body.value, done: "", ...(to && { to: to.value }) });
  });
  clear.addEventListener("click", () => {
    if (draft) changeDraft(draft, { to: "", body: "", done: "", failed: "" });
    (to ?? body).focus();
  });
  return {
    root,
    use(other) {
      stop();
      draft = other;
      draft.shownBy.add(show);
      show();
    },
    focus: () => body.focus(),
    stop,
  };
}
