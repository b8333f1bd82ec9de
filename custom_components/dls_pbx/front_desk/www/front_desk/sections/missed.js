/** Section of the callers who are owed a call, each with a link to call and a button to text them. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Missed } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { isUnanswered, missedCalls } from "../../data/selectors.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { timeOfDay } from "../../ui/time.js";
import { joined, listRow, nameAndNumber, queueNames } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function missedSection(context) {
  const { store, settings, t } = context;
  const canText = settings.sections.includes("sms");
  /** @returns {Row<Entry<Missed>>} */
  function build() {
    const { root, svg, title, detail, time } = listRow();
    const call = element("a", { "data-do": "call", class: "button" }, t("do_call"));
    const text = element("button", { "data-do": "text", type: "button" }, t("do_text"));
    root.append(element("div", { class: "actions" }, call, text));
    let number = "";
    text.addEventListener("click", () => context.compose(number));
    /** @param {Entry<Missed>} item */
    function update([id, missed]) {
      const [name, below] = nameAndNumber(t, missed);
      const last = timeOfDay(missed.last, context.now(), context.hass());
      ({ number } = missed);
      setAttribute(root, "data-missed", id);
      setText(title, name);
      setText(time, last);
      const calls = missed.calls > 1 && t("missed_calls", { count: missed.calls });
      const voicemail = missed.voicemail && t("missed_voicemail");
      setText(detail, joined([below, calls, voicemail, queueNames(context, missed.queues)]));
      setAttribute(time, "title", t("missed_last", { time: last }));
      setAttribute(call, "aria-label", t("do_call_whom", { name }));
      setAttribute(text, "aria-label", t("do_text_whom", { name }));
      call.hidden = text.hidden = !missed.tel;
      text.hidden ||= !canText;
      if (missed.tel) setAttribute(call, "href", `tel:${missed.tel}`);
    }
    svg.remove();
    return { root, update };
  }
  const list = new KeyedList(([id]) => id, build);
  const items = () => missedCalls(store, settings);
  return listSection(context, "missed", list, items, { isUnknown: () => isUnanswered(store, settings, "reports") });
}
