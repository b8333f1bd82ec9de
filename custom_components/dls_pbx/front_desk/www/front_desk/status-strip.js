/** Status strip: what can be read from across the room. */

/** @import { Level } from "../data/model-types.js" */
/** @import { Context } from "./section.js" */

import { statusStripFigures } from "../data/status-strip-figures.js";
import { element, setAttribute, setText } from "../ui/dom.js";
import { icon, setIcon } from "../ui/icons.js";
import { clock } from "../ui/time.js";

const FIGURES = /** @type {const} */ (["waiting", "longest_wait", "free_agents", "service_level"]);

/** @type {(context: Context) => {root: HTMLElement, render: (now: number) => void, tick: (now: number) => void}} */
export function statusStrip({ store, settings, t }) {
  const tiles = FIGURES.map((name) => tile(t(`strip_${name}`)));
  const spoken = element("p", { class: "spoken", role: "status" });
  const list = element("ul", { class: "strip", role: "list" }, ...tiles.map(({ root }) => root));
  const root = element("section", { "aria-label": t("strip_title") }, list, spoken);

  /** @param {number} now */
  function render(now) {
    const { waiting, longest_wait, free_agents, service_level } = statusStripFigures(store, settings, now);
    const goal = service_level.goal === null ? "" : t("strip_goal", { goal: service_level.goal });
    const percent = service_level.value === null ? null : `${Math.round(service_level.value)}%`;
    const values = [waiting.value, clock(longest_wait.seconds), free_agents.value, percent];
    const levels = [waiting, longest_wait, free_agents, service_level].map(({ level }) => level);
    tiles.forEach((tile, index) => tile.show(String(values[index] ?? "–"), levels[index], t(`level_${levels[index]}`)));
    setText(tiles[3].note, goal);
    // The timers count in silence: what is worth an interruption is how many wait, and that it has become urgent.
    const urgent = levels[0] === "ok" ? levels[1] : levels[0];
    setText(spoken, `${t("strip_waiting")}: ${values[0] ?? "–"}${urgent === "red" ? `, ${t("level_red")}` : ""}`);
  }
  return { root, render, tick: render };
}

/** @param {string} label */
function tile(label) {
  const value = element("strong");
  const note = element("small");
  const meaning = element("span", { class: "spoken" });
  const svg = icon();
  const figure = element("span", { class: "value" }, svg, value, meaning);
  const root = element("li", {}, element("span", {}, label), figure, note);
  /** @type {(text: string, level: Level, meaningText: string) => void} */
  function show(text, level, meaningText) {
    setText(value, text);
    setText(meaning, `, ${meaningText}`);
    setAttribute(root, "data-level", level);
    setIcon(svg, level);
  }
  return { root, note, show };
}
