/** A small form whose fields are the action's own: sent once for each press, and its errors are shown in it. */

/** @import { Asking } from "../ui/asking.js" */

import { element, setAttribute, setText } from "../ui/dom.js";
import { errorText } from "../ui/errors.js";

/** @typedef {{name: string, isOptional?: boolean, type?: string, autocomplete?: string}} Field */

/**
 * @param {Asking} asking
 * @param {string} action
 * @param {readonly Field[]} fields
 * @param {(values: Record<string, string>) => void} [onDone]
 * @returns {{root: HTMLFormElement, inputs: Record<string, HTMLInputElement>}}
 */
export function actionForm({ t, act }, action, fields, onDone) {
  /** @type {Record<string, HTMLInputElement>} */ const inputs = {};
  const labels = fields.map(({ name, isOptional, type = "text" }) => {
    const input = element("input", { type, name, autocomplete: "off", ...(!isOptional && { required: "" }) });
    inputs[name] = input;
    const label = t(`field_${name}`);
    return element("label", {}, isOptional ? t("field_optional", { label }) : label, input);
  });
  const send = element("button", { class: "main", "data-do": action }, t(`do_${action}`));
  const status = element("p", { role: "status" });
  const alert = element("p", { role: "alert" });
  const places = element("div", { class: "fields" }, ...labels);
  const root = element("form", { "data-form": action }, places, element("div", { class: "row" }, send), status, alert);
  let isSending = false;

  /** @param {boolean} now */
  function setSending(now) {
    isSending = now;
    setAttribute(send, "aria-disabled", String(now));
  }

  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    setText(alert, "");
    setText(status, t("sms_sending"));
    const given = Object.entries(inputs).map(([name, { value }]) => [name, value.trim()]);
    const values = Object.fromEntries(given.filter(([, value]) => value));
    try {
      await act(action, values);
      setText(status, t(`done_${action}`));
      root.reset();
      onDone?.(values);
    } catch (error) {
      setText(status, "");
      setText(alert, errorText(t, error));
    }
    setSending(false);
  });
  return { root, inputs };
}
