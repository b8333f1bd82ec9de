/** Writes one text message. It is sent once for each press of the button, and never again by itself. */

/** @import { Context, Part } from "../section.js" */
/** @import { HassError } from "../../ui/home-assistant-types.js" */

import { make, mark, say } from "../../ui/dom.js";
import { titled } from "../section.js";

/** Characters, as the PBX counts them. */
const LIMIT = 200;
/** What Home Assistant's connection says of a question that was under way when it broke. */
const CONNECTION_LOST = 3;

/** What was being written, by PBX: a dashboard may build its cards anew at any time. @type {Map<string, {to: string, body: string}>} */
const drafts = new Map();

/** @type {(context: Context) => Part & {compose: (recipient: string) => void}} */
export function smsBox(context) {
  const { settings, t } = context;
  const to = make("input", { type: "text", inputmode: "tel", autocomplete: "off", "aria-label": t("sms_recipient") });
  const body = make("textarea", { rows: "3", "aria-label": t("sms_message") });
  to.placeholder = t("sms_recipient");
  body.placeholder = t("sms_message");
  const count = make("small", { class: "count" });
  const send = make("button", { "data-do": "send", class: "main" }, t("do_send"));
  const clear = make("button", { type: "button" }, t("do_clear"));
  const done = make("p", { role: "status" });
  const failed = make("p", { role: "alert" });
  const form = make("form", {}, to, body, make("div", { class: "actions" }, count, clear, send), done, failed);
  const where = settings.config_entry_id ?? "";
  let underWay = false;

  const length = () => [...body.value].length;
  const tooLong = () => (length() > LIMIT ? t("sms_over", { count: length() - LIMIT }) : undefined);

  /** @type {(state: {done?: string, failed?: string}) => void} */
  function tell(state) {
    say(done, state.done ?? "");
    say(failed, state.failed ?? "");
  }

  function changed() {
    say(count, tooLong() ?? t("sms_count", { count: length(), limit: LIMIT }));
    mark(count, "data-level", tooLong() ? "red" : "ok");
    drafts.set(where, { to: to.value, body: body.value });
  }

  /** @type {(recipient: string, text: string) => void} */
  function fill(recipient, text) {
    [to.value, body.value] = [recipient, text];
    changed();
  }

  /** @returns {string|undefined} why it cannot be sent */
  function fault() {
    if (!to.value.trim()) return t("sms_no_recipient");
    if (!body.value.trim()) return t("sms_no_message");
    return tooLong();
  }

  async function submit() {
    const wrong = fault();
    if (underWay || wrong) return underWay || tell({ failed: wrong });
    const recipient = to.value.trim();
    const data = { recipients: [recipient], message: body.value };
    busy(true);
    // A card that is built meanwhile must not offer to send the same again.
    drafts.delete(where);
    tell({ done: t("sms_sending") });
    try {
      const pbx = settings.config_entry_id ? { config_entry_id: settings.config_entry_id } : {};
      await context.hass().callService("dls_pbx", "send_sms", { ...pbx, ...data }, undefined, false, true);
      // Nothing is left that could be sent a second time by mistake.
      fill("", "");
      tell({ done: t("sms_sent", { recipient }) });
    } catch (error) {
      const { code, message } = /** @type {HassError} */ (error ?? {});
      const lost = error === CONNECTION_LOST || Number(code) === CONNECTION_LOST;
      // Home Assistant puts words of its own before ours.
      tell({ failed: lost || !message ? t("sms_unsure") : message.replace(/^Validation error: /, "") });
      changed();
    }
    busy(false);
  }

  /** @param {boolean} now what is written stays as it was sent until the PBX has answered */
  function busy(now) {
    underWay = to.readOnly = body.readOnly = now;
    mark(send, "aria-disabled", String(now));
    clear.disabled = now;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("input", changed);
  clear.addEventListener("click", () => {
    fill("", "");
    tell({});
    to.focus();
  });
  const draft = drafts.get(where);
  fill(draft?.to ?? "", draft?.body ?? "");

  /** @param {string} recipient */
  function compose(recipient) {
    if (underWay) return;
    // What was written to someone else is not for these ears.
    fill(recipient, ["", recipient].includes(to.value) ? body.value : "");
    tell({});
    body.focus();
  }
  return { element: titled(context, "sms", form), render() {}, compose };
}
