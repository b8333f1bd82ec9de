/** Section of the agents, by what they do. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Agent } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { agentList, areQueuesUnknown } from "../../data/selectors.js";
import { setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { clock } from "../../ui/time.js";
import { counted, elapsedTimer, joined, listRow } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function agentsSection(context) {
  const { store, settings, t } = context;
  /** @returns {Row<Entry<Agent>>} */
  function build() {
    const { root, svg, title, detail, time } = listRow();
    const { start, tick } = elapsedTimer(context, (seconds) => setText(time, seconds === null ? "" : clock(seconds)));
    /** @param {Entry<Agent>} item */
    function update([id, agent]) {
      const state = agent.state ?? "unknown";
      setAttribute(root, "data-agent", id);
      setAttribute(root, "data-state", state);
      setIcon(svg, state);
      setText(title, agent.name);
      const who = agent.connected_to && t("agent_with", { who: agent.connected_to });
      const { from, wait, title: tooltip } = counted(t, state === "on_call", agent);
      setText(detail, joined([t(`state_${state}`), agent.pause_reason, who, !who && agent.extension, wait]));
      setAttribute(time, "title", tooltip);
      start(from);
    }
    return { root, update, tick };
  }
  const list = new KeyedList(([id]) => id, build);
  const items = () => agentList(store, settings);
  return listSection(context, "agents", list, items, { isUnknown: () => areQueuesUnknown(store, settings) });
}
