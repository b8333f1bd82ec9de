/** Callback that a caller is owed: its note, and a form to add one. */

/** @import { Asking } from "../ui/asking.js" */
/** @import { Connection } from "../ui/home-assistant-types.js" */

import { element, setAttribute, setText } from "../ui/dom.js";
import { errorText } from "../ui/errors.js";

/** @typedef {{note?: string|null, owner?: string|null, calls?: number}} Owed */

/** What is known of an open callback: the front desk's table has it. @type {(asking: Asking, id: string) => Promise<Owed|null>} */
export async function owedCallback({ hass, entryId }, id) {
  const { connection } = /** @type {{connection: Connection}} */ (hass());
  const message = { type: "dls_pbx/subscribe", ...(entryId && { config_entry_id: entryId }) };
  /** @type {(value: Owed|null) => void} */ let found = () => {};
  /** @type {Promise<Owed|null>} */ const owed = new Promise((resolve) => (found = resolve));
  /** @param {{missed?: Record<string, Owed>}} rows */
  const take = (rows) => found(rows.missed?.[id] ?? null);
  const end = await connection.subscribeMessage(take, message, { resubscribe: false });
  const answer = await owed;
  await end();
  return answer;
}

/** @type {(asking: Asking, number: string, onDone: () => void) => {root: HTMLFormElement, focus: () => void}} */
export function callbackForm({ t, ask }, number, onDone) {
  const note = element("textarea", { rows: "2", "aria-label": t("callback_note"), placeholder: t("callback_note") });
  const send = element("button", { class: "main", "data-do": "save_callback" }, t("do_save"));
  const alert = element("p", { role: "alert" });
  const root = element("form", { "data-form": "callback" }, note, element("div", { class: "row" }, send), alert);
  let isSending = false;
  root.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    setAttribute(send, "aria-disabled", "true");
    const written = note.value.trim();
    try {
      await ask("add_callback", { number, ...(written && { note: written }) });
      setText(alert, "");
      onDone();
    } catch (error) {
      setText(alert, errorText(t, error));
    }
    isSending = false;
    setAttribute(send, "aria-disabled", "false");
  });
  return { root, focus: () => note.focus() };
}
