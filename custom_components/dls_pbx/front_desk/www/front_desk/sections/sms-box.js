/** Section with the box for one text message. It is sent once for each press of the button, and never again by itself. */

/** @import { HassError } from "../../ui/home-assistant-types.js" */
/** @import { Context, Part } from "../section.js" */

import { element, setAttribute, setText } from "../../ui/dom.js";
import { section } from "../section.js";

/** Characters, as the PBX counts them. */
const LIMIT = 200;
/** What Home Assistant's connection says of a question that was under way when it broke. */
const CONNECTION_LOST = 3;

/** What was being written, by PBX: a dashboard may build its cards anew at any time. @type {Map<string, {to: string, body: string}>} */
const drafts = new Map();

/** @type {(context: Context) => Part & {compose: (recipient: string) => void}} */
export function smsBox(context) {
  const { settings, t } = context;
  const to = element("input", {
    type: "text",
    inputmode: "tel",
    autocomplete: "off",
    "aria-label": t("sms_recipient"),
  });
  const body = element("textarea", { rows: "3", "aria-label": t("sms_message") });
  to.placeholder = t("sms_recipient");
  body.placeholder = t("sms_message");
  const count = element("small", { class: "count" });
  const send = element("button", { "data-do": "send", class: "main" }, t("do_send"));
  const clear = element("button", { type: "button" }, t("do_clear"));
  const status = element("p", { role: "status" });
  const alert = element("p", { role: "alert" });
  const form = element("form", {}, to, body, element("div", { class: "actions" }, count, clear, send), status, alert);
  const draftKey = settings.config_entry_id ?? "";
  let isSending = false;

  const length = () => [...body.value].length;
  const tooLong = () => (length() > LIMIT ? t("sms_over", { count: length() - LIMIT }) : undefined);

  /** @type {(state: {done?: string, failed?: string}) => void} */
  function showStatus(state) {
    setText(status, state.done ?? "");
    setText(alert, state.failed ?? "");
  }

  function update() {
    setText(count, tooLong() ?? t("sms_count", { count: length(), limit: LIMIT }));
    setAttribute(count, "data-level", tooLong() ? "red" : "ok");
    drafts.set(draftKey, { to: to.value, body: body.value });
  }

  /** @type {(recipient: string, text: string) => void} */
  function fill(recipient, text) {
    [to.value, body.value] = [recipient, text];
    update();
  }

  /** @returns {string|undefined} why it cannot be sent */
  function validationError() {
    if (!to.value.trim()) return t("sms_no_recipient");
    if (!body.value.trim()) return t("sms_no_message");
    return tooLong();
  }

  async function submit() {
    const invalid = validationError();
    if (isSending || invalid) return isSending || showStatus({ failed: invalid });
    const recipient = to.value.trim();
    const data = { recipients: [recipient], message: body.value };
    setSending(true);
    // A card that is built meanwhile must not offer to send the same again.
    drafts.delete(draftKey);
    showStatus({ done: t("sms_sending") });
    try {
      const pbx = settings.config_entry_id ? { config_entry_id: settings.config_entry_id } : {};
      await context.hass().callService("dls_pbx", "send_sms", { ...pbx, ...data }, undefined, false, true);
      // Nothing is left that could be sent a second time by mistake.
      fill("", "");
      showStatus({ done: t("sms_sent", { recipient }) });
    } catch (error) {
      const { code, message } = /** @type {HassError} */ (error ?? {});
      const isLost = error === CONNECTION_LOST || Number(code) === CONNECTION_LOST;
      // Home Assistant puts words of its own before ours.
      showStatus({ failed: isLost || !message ? t("sms_unsure") : message.replace(/^Validation error: /, "") });
      update();
    }
    setSending(false);
  }

  /** @param {boolean} now what is written stays as it was sent until the PBX has answered */
  function setSending(now) {
    isSending = to.readOnly = body.readOnly = now;
    setAttribute(send, "aria-disabled", String(now));
    clear.disabled = now;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("input", update);
  clear.addEventListener("click", () => {
    fill("", "");
    showStatus({});
    to.focus();
  });
  const draft = drafts.get(draftKey);
  fill(draft?.to ?? "", draft?.body ?? "");

  /** @param {string} recipient */
  function compose(recipient) {
    if (isSending) return;
    // What was written to someone else is not for this recipient.
    fill(recipient, ["", recipient].includes(to.value) ? body.value : "");
    showStatus({});
    body.focus();
  }
  return { root: section(context, "sms", form), render() {}, compose };
}
