/** The status statusStripFigures: what can be read from across the room. */

/** @import { Context } from "./section.js" */
/** @import { Level } from "../data/model-types.js" */

import { icon, make, mark, picture, say } from "../ui/dom.js";
import { statusStripFigures } from "../data/status-strip-figures.js";
import { clock } from "../ui/time.js";

const FIGURES = /** @type {const} */ (["waiting", "longest_wait", "free_agents", "service_level"]);

/** @type {(context: Context) => {element: HTMLElement, render: (now: number) => void, tick: (now: number) => void}} */
export function figures(context) {
  const { t } = context;
  const parts = FIGURES.map((name) => figure(t(`strip_${name}`)));
  const spoken = make("p", { class: "spoken", role: "status" });
  const tiles = make("ul", { class: "strip", role: "list" }, ...parts.map(({ element }) => element));
  const element = make("section", { "aria-label": t("strip_title") }, tiles, spoken);

  /** @param {number} now */
  function render(now) {
    const { waiting, longest_wait, free_agents, service_level } = statusStripFigures(
      context.desk,
      context.settings,
      now,
    );
    const goal = service_level.goal === null ? "" : t("strip_goal", { goal: service_level.goal });
    const percent = service_level.value === null ? null : `${Math.round(service_level.value)}%`;
    const shown = [waiting.value, clock(longest_wait.seconds), free_agents.value, percent];
    const levels = [waiting, longest_wait, free_agents, service_level].map(({ level }) => level);
    parts.forEach((part, index) => part.show(String(shown[index] ?? "–"), levels[index], t(`level_${levels[index]}`)));
    say(parts[3].note, goal);
    // The timers count in silence: what is worth an interruption is how many wait, and that it has become urgent.
    const urgent = levels[0] === "ok" ? levels[1] : levels[0];
    say(spoken, `${t("strip_waiting")}: ${shown[0] ?? "–"}${urgent === "red" ? `, ${t("level_red")}` : ""}`);
  }
  return { element, render, tick: render };
}

/** @param {string} label */
function figure(label) {
  const value = make("strong");
  const note = make("small");
  const word = make("span", { class: "spoken" });
  const shape = icon();
  const element = make("li", {}, make("span", {}, label), make("span", { class: "value" }, shape, value, word), note);
  /** @type {(text: string, level: Level, meaning: string) => void} */
  function show(text, level, meaning) {
    say(value, text);
    say(word, `, ${meaning}`);
    mark(element, "data-level", level);
    picture(shape, level);
  }
  return { element, note, show };
}
