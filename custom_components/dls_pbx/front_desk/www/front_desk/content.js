/** Content of the card: what stands above all, and the sections that it is to have, in columns; each is loaded for itself. */

/**
 * @import { Section } from "../data/model-types.js"
 * @import { Context, Part } from "./section.js"
 */

/** @typedef {{nodes: Node[], render: (now: number) => void, tick: (now: number) => void}} Content */

import { element, setText } from "../ui/dom.js";
import { load } from "./section-loader.js";
import { statusStrip } from "./status-strip.js";
import { CSS } from "./style.js";
import { tabs } from "./tabs.js";

/** What stands in which column; the others stand over the whole width. @type {readonly (readonly Section[])[]} */
const COLUMNS = [
  ["waiting", "calls", "callbacks"],
  ["people", "faxes"],
  ["messages", "sms"],
];

/** Sections in columns: one that comes or goes does not make those beside it jump. @type {(names: readonly Section[], parts: readonly Part[]) => HTMLElement} */
function columns(names, parts) {
  const grid = element("div", { class: "grid" });
  const places = COLUMNS.map((sections) => ({ sections, root: element("div", { class: "column" }) }));
  names.forEach((name, index) => {
    const place = places.find(({ sections }) => sections.includes(name))?.root;
    (place ?? grid).append(parts[index].root);
    if (place && place.parentNode !== grid) grid.append(place);
  });
  return grid;
}

/** What stands above all: the title, and on a wall a clock. @type {(context: Context) => Promise<{root: HTMLElement, tick?: (now: number) => void, warn?: (isUrgent: boolean) => void}>} */
async function head(context) {
  const { title, wall } = context.settings;
  if (wall) return (await import("./wall-head.js")).wallHead(context);
  const root = element("h1", {}, title ?? "");
  root.hidden = !title;
  return { root };
}

/**
 * Everything that a card shows; `warnings` tells why that may not be what is, and `isLive` whether it is.
 * @type {(about: Omit<Context, "compose">, warnings: (now: number) => string[], isLive: () => boolean) => Promise<Content>}
 */
export async function content(about, warnings, isLive) {
  /** @type {Context} */
  const context = { ...about, compose: (recipient) => compose(recipient) };
  const names = about.settings.sections;
  const [above, makers] = await Promise.all([head(context), load(names)]);
  const parts = makers.map((make) => make(context));
  const strip = statusStrip(context);
  const band = element("div", { "data-band": "", class: "band", role: "status" });
  const desk = element("div", { class: about.settings.wall ? "desk wall" : "desk" });
  const choice = tabs(context, desk);
  desk.append(above.root, band, choice.root, strip.root, columns(names, parts));

  /** @param {string} recipient */
  function compose(recipient) {
    choice.open("messages");
    parts.find((part) => part.compose)?.compose?.(recipient);
  }
  /** @param {number} now */
  function render(now) {
    const lines = warnings(now);
    setText(band, lines.join("\n"));
    band.hidden = !lines.length;
    desk.classList.toggle("stale", !isLive());
    const isUrgent = strip.render(now) && isLive();
    above.warn?.(isUrgent);
    choice.render();
    for (const part of parts) part.render();
  }
  /** @param {number} now */
  function tick(now) {
    const isUrgent = strip.render(now);
    above.tick?.(now);
    above.warn?.(isUrgent);
    for (const part of parts) part.tick?.(now);
  }
  // An element, since not every browser can make a style sheet: one text of style is read once, however many have it.
  const card = element(/** @type {"div"} */ ("ha-card"), {}, desk);
  return { nodes: [element("style", {}, CSS), card], render, tick };
}
