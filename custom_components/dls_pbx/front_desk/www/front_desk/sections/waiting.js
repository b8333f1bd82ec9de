/** Section of the callers who wait, whoever has waited longest first. */

/** @import { Waiting } from "../../data/model-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { areQueuesUnknown, waitingCallers } from "../../data/selectors.js";
import { waitLevel } from "../../data/queue-figures.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { clock } from "../../ui/time.js";
import { callerTitle, elapsedTimer, joined, listRow, nameAndNumber, queueNames, vip } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  /** @returns {Row<Waiting>} */
  function build() {
    const { root, svg, title, detail, time } = listRow();
    const meaning = element("span", { class: "spoken" });
    const showName = callerTitle(context, title);
    time.setAttribute("data-since", "");
    root.append(meaning);
    const { start, tick } = elapsedTimer(context, (seconds) => {
      const level = waitLevel(seconds, settings);
      setText(time, clock(seconds));
      if (root.dataset.level === level) return;
      root.dataset.level = level;
      setIcon(svg, level);
      setText(meaning, t(`level_${level}`));
    });
    /** @param {Waiting} item */
    function update({ key, queue, caller }) {
      const [name, number] = nameAndNumber(t, caller);
      setAttribute(root, "data-caller", key);
      showName(vip(caller, name), caller.tel);
      setText(detail, joined([number, queueNames(context, [queue])]));
      start(caller.since);
    }
    return { root, update, tick };
  }
  const list = new KeyedList(({ key }) => key, build);
  const items = () => waitingCallers(store, settings);
  return listSection(context, "waiting", list, items, {
    isUnknown: () => areQueuesUnknown(store, settings),
    isHiddenEmpty: true,
  });
}
