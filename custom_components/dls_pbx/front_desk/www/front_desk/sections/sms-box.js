/** Section with the box for one text message. */

/** @import { Context, Part } from "../section.js" */

import { composer } from "../../messages/composer.js";
import { changeDraft, draftOf } from "../../messages/drafts.js";
import { asking } from "../../ui/asking.js";
import { element } from "../../ui/dom.js";
import { section } from "../section.js";

/** @type {(context: Context) => Part & {compose: (recipient: string) => void}} */
export function create(context) {
  const { settings, t, hass } = context;
  const to = element("input", {
    type: "text",
    inputmode: "tel",
    autocomplete: "off",
    "aria-label": t("sms_recipient"),
    placeholder: t("sms_recipient"),
  });
  const draft = draftOf(settings.config_entry_id ?? "");
  const form = composer(asking(t, hass, settings.config_entry_id), { recipient: (one) => one.to, to });
  form.use(draft);

  /** @param {string} recipient */
  function compose(recipient) {
    if (draft.isSending) return;
    // What was written to someone else is not for this recipient.
    const body = ["", recipient].includes(draft.to) ? draft.body : "";
    changeDraft(draft, { to: recipient, body, done: "", failed: "" });
    form.focus();
  }
  return { root: section(context, "sms", form.root), render() {}, compose };
}
