/** Section of the calls that are under way, in the order in which they began. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Call } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { isUnanswered, liveCalls, userName } from "../../data/selectors.js";
import { setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { clock } from "../../ui/time.js";
import { callerTitle, counted, elapsedTimer, joined, listRow, nameAndNumber, queueNames, vip } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  /** @type {(call: Call, queue: string|null) => {from: string, to: string}} */
  function ends(call, queue) {
    const outside = nameAndNumber(t, call)[0];
    const [caller, callee] = [userName(store, call.caller), userName(store, call.callee)];
    if (call.direction === "outbound") return { from: caller ?? t("row_someone"), to: outside };
    const from = call.direction === "internal" ? (caller ?? outside) : outside;
    return { from, to: callee ?? queue ?? "" };
  }
  /** @returns {Row<Entry<Call>>} */
  function build() {
    const { root, svg, title, detail, time } = listRow();
    const showName = callerTitle(context, title);
    const { start, tick } = elapsedTimer(context, (seconds) => setText(time, clock(seconds)));
    /** @param {Entry<Call>} item */
    function update([id, call]) {
      const queue = call.queue && queueNames(context, [call.queue]);
      const { from, to } = ends(call, queue);
      const state = call.status ?? "unknown";
      const clockwork = counted(t, state === "connected", call);
      setAttribute(root, "data-call", id);
      setAttribute(root, "data-state", state);
      setIcon(svg, call.direction);
      showName(vip(call, to ? t("call_pair", { from, to }) : from), call.tel);
      setText(
        detail,
        joined([t(`call_${call.direction}`), t(`state_${state}`), queue !== to && queue, clockwork.wait]),
      );
      setAttribute(time, "title", clockwork.title);
      start(clockwork.from);
    }
    return { root, update, tick };
  }
  const list = new KeyedList(([id]) => id, build);
  const items = () => liveCalls(store, settings);
  return listSection(context, "calls", list, items, {
    isUnknown: () => isUnanswered(store, settings, "calls"),
    isHiddenEmpty: settings.wall,
  });
}
