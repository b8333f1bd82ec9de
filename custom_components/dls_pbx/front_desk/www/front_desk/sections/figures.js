/** Section of the agents' figures: what each of them did today. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Agent } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { agentsWithFigures } from "../../data/selectors.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { clock, timeOfDay } from "../../ui/time.js";
import { section } from "../section.js";

const COLUMNS = /** @type {const} */ (["answered", "missed", "talk", "last_call", "pause"]);

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  const head = element("tr", {}, element("th", { scope: "col" }, t("figure_agent")));
  for (const name of COLUMNS) head.append(element("th", { scope: "col", "data-column": name }, t(`figure_${name}`)));
  const body = element("tbody");
  const root = section(context, "figures", element("table", {}, element("thead", {}, head), body));

  /** @returns {Row<Entry<Agent>>} */
  function build() {
    const name = element("th", { scope: "row" });
    const places = COLUMNS.map((column) => element("td", { "data-column": column }));
    /** @param {Entry<Agent>} item */
    function update([id, agent]) {
      const pause = agent.state === "paused" ? (agent.pause_reason ?? t("state_paused")) : "";
      const last = agent.last_call && timeOfDay(agent.last_call, context.now(), context.hass());
      const texts = [
        agent.answered_today ?? "–",
        agent.missed_today ?? "–",
        clock(agent.talk_today),
        last ?? "–",
        pause,
      ];
      setAttribute(row, "data-figures", id);
      setText(name, agent.name);
      places.forEach((place, index) => setText(place, String(texts[index])));
    }
    const row = element("tr", {}, name, ...places);
    return { root: row, update };
  }
  const list = new KeyedList((/** @type {Entry<Agent>} */ [id]) => id, build, body);
  function render() {
    const agents = agentsWithFigures(store, settings);
    list.render(agents);
    root.hidden = !agents.length;
  }
  return { root, render };
}
