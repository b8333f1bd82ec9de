/** Section of the callers who are owed a call: to call or text them, take them, note something, and tick them off. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Missed } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { isUnanswered, missedCalls } from "../../data/selectors.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { errorText } from "../../ui/errors.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { timeOfDay } from "../../ui/time.js";
import { callerTitle, joined, listRow, nameAndNumber, queueNames, vip } from "../list-row.js";
import { listSection } from "../section.js";

const LONGEST_NOTE = "500";

/** @typedef {(id: string, change: object) => Promise<boolean>} Change tells whether it was done */

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  const alert = element("p", { role: "alert" });
  const undo = element("button", { type: "button", "data-do": "undo" }, t("do_undo"));
  const doneText = element("span", { role: "status" });
  const done = element("p", { class: "done" }, doneText, undo);
  done.hidden = true;
  let undone = "";

  /** @type {Change} */
  async function change(callback_id, what) {
    setText(alert, "");
    try {
      const pbx = settings.config_entry_id ? { config_entry_id: settings.config_entry_id } : {};
      await context.hass().callWS({ type: "dls_pbx/callback", ...pbx, callback_id, ...what });
      return true;
    } catch (error) {
      setText(alert, errorText(t, error));
      return false;
    }
  }

  /** @type {(id: string, name: string) => Promise<void>} */
  async function tickOff(id, name) {
    if (!(await change(id, { done: true }))) return;
    undone = id;
    setText(doneText, t("callback_done", { name }));
    done.hidden = false;
  }
  undo.addEventListener("click", async () => {
    if (await change(undone, { done: false })) done.hidden = true;
  });

  const list = new KeyedList(
    (/** @type {Entry<Missed>} */ [id]) => id,
    () => callbackRow(context, change, tickOff),
  );
  const items = () => missedCalls(store, settings);
  const part = listSection(context, "callbacks", list, items, {
    isUnknown: () => isUnanswered(store, settings, "reports"),
    isHiddenEmpty: settings.wall,
    above: [alert, done],
  });
  return part;
}

/** @type {(context: Context, change: Change, tickOff: (id: string, name: string) => void) => Row<Entry<Missed>>} */
function callbackRow(context, change, tickOff) {
  const { t, settings } = context;
  const { root, svg, title, detail, time } = listRow();
  const showName = callerTitle(context, title);
  const note = element("p", { class: "note" });
  const call = element("a", { "data-do": "call", class: "button" }, t("do_call"));
  const [text, take, write, finish] = ["text", "take", "note", "done"].map((name) =>
    element("button", { "data-do": name, type: "button" }, t(`do_${name}`)),
  );
  const input = element("input", { type: "text", maxlength: LONGEST_NOTE, "aria-label": t("callback_note") });
  const save = element("button", { "data-do": "save" }, t("do_save"));
  const form = element("form", { class: "line" }, input, save);
  form.hidden = true;
  svg.remove();
  root.append(note, element("div", { class: "actions" }, call, text, take, write, finish), form);

  let id = "";
  /** @type {Missed|undefined} */ let shown;
  const me = () => context.hass().user?.name ?? null;
  text.addEventListener("click", () => shown && context.compose(shown.number));
  finish.addEventListener("click", () => shown && tickOff(id, nameAndNumber(t, shown)[0]));
  take.addEventListener("click", () => {
    const owner = shown?.owner ?? null;
    void change(id, { taken: owner === null || owner !== me(), taken_from: owner });
  });
  write.addEventListener("click", () => {
    form.hidden = !form.hidden;
    input.value = shown?.note ?? "";
    setAttribute(write, "aria-expanded", String(!form.hidden));
    if (!form.hidden) input.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await change(id, { note: input.value.trim() }))) return;
    form.hidden = true;
    write.focus();
  });

  /** @param {Entry<Missed>} item */
  function update([uid, missed]) {
    const [name, below] = nameAndNumber(t, missed);
    const { owner } = missed;
    const at = (/** @type {string} */ when) => timeOfDay(when, context.now(), context.hass());
    [id, shown] = [uid, missed];
    setAttribute(root, "data-callback", uid);
    showName(vip(missed, name), missed.tel);
    setText(time, at(missed.last));
    const calls = missed.calls > 1 && t("missed_calls", { count: missed.calls });
    const voicemail = missed.voicemail && t("missed_voicemail");
    const texted = missed.texted && t("callback_texted", { time: at(missed.texted) });
    const taken = owner !== null && owner !== me() && t("callback_taken", { owner });
    setText(detail, joined([below, calls, voicemail, queueNames(context, missed.queues), texted, taken]));
    setAttribute(time, "title", t("missed_last", { time: at(missed.last) }));
    setText(note, missed.note ?? "");
    note.hidden = !missed.note;
    setText(take, t(owner === null ? "do_take" : owner === me() ? "do_give_back" : "do_take_over"));
    setAttribute(root, "data-owner", owner ?? "");
    for (const [button, what] of /** @type {const} */ ([
      [call, "call"],
      [text, "text"],
      [take, "take"],
      [write, "note"],
      [finish, "done"],
    ]))
      setAttribute(button, "aria-label", t(`do_${what}_whom`, { name, action: button.textContent ?? "" }));
    call.hidden = text.hidden = !missed.tel;
    text.hidden ||= !settings.sections.includes("sms");
    if (missed.tel) setAttribute(call, "href", `tel:${missed.tel}`);
  }
  return { root, update };
}
