/** Status strip: what can be read from across the room. */

/** @import { Level } from "../data/model-types.js" */
/** @import { Context } from "./section.js" */

import { statusStripFigures } from "../data/status-strip-figures.js";
import { element, setAttribute, setText } from "../ui/dom.js";
import { icon, setIcon } from "../ui/icons.js";
import { clock } from "../ui/time.js";

const FIGURES = /** @type {const} */ (["waiting", "longest_wait", "free_agents", "service_level", "callbacks"]);

/** `render` tells whether something is urgent. @type {(context: Context) => {root: HTMLElement, render: (now: number) => boolean}} */
export function statusStrip({ store, settings, t }) {
  const tiles = FIGURES.map((name) => tile(t(`strip_${name}`), name));
  const spoken = element("p", { class: "spoken", role: "status" });
  const list = element("ul", { class: "strip", role: "list" }, ...tiles.map(({ root }) => root));
  const root = element("section", { class: "glance", "aria-label": t("strip_title") }, list, spoken);

  /** @param {number} now */
  function render(now) {
    const figures = statusStripFigures(store, settings, now);
    const { waiting, longest_wait, free_agents, service_level, callbacks } = figures;
    const goal = service_level.goal === null ? "" : t("strip_goal", { goal: service_level.goal });
    const percent = service_level.value === null ? null : `${Math.round(service_level.value)}%`;
    const values = [waiting.value, clock(longest_wait.seconds), free_agents.value, percent, callbacks.value];
    const levels = FIGURES.map((name) => figures[name].level);
    tiles.forEach((tile, index) => tile.show(String(values[index] ?? "–"), levels[index], t(`level_${levels[index]}`)));
    setText(tiles[3].note, goal);
    // The timers count in silence: what is worth an interruption is how many wait, and that it has become urgent.
    const urgent = levels[0] === "ok" ? levels[1] : levels[0];
    setText(spoken, `${t("strip_waiting")}: ${values[0] ?? "–"}${urgent === "red" ? `, ${t("level_red")}` : ""}`);
    return urgent === "red";
  }
  return { root, render };
}

/** @type {(label: string, name: string) => {root: HTMLElement, note: HTMLElement, show: (text: string, level: Level, meaningText: string) => void}} */
function tile(label, name) {
  const value = element("strong");
  const note = element("small");
  const meaning = element("span", { class: "spoken" });
  const svg = icon();
  const figure = element("span", { class: "value" }, svg, value, meaning);
  const root = element("li", { "data-figure": name }, element("span", {}, label), figure, note);
  /** @type {(text: string, level: Level, meaningText: string) => void} */
  function show(text, level, meaningText) {
    setText(value, text);
    setText(meaning, `, ${meaningText}`);
    setAttribute(root, "data-level", level);
    setIcon(svg, level);
  }
  return { root, note, show };
}
