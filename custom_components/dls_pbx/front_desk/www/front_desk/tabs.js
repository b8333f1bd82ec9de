/** Tabs of the card on a phone: what would be one endless page, in parts. On a wider screen all is shown. */

/** @import { Section } from "../data/model-types.js" */
/** @import { Context } from "./section.js" */

import { conversationList, missedCalls } from "../data/selectors.js";
import { element, setAttribute, setText } from "../ui/dom.js";

/** What stands in which. @type {Readonly<Record<string, readonly Section[]>>} */
export const TABS = {
  now: ["queues", "waiting", "calls", "faxes", "figures"],
  callbacks: ["callbacks"],
  messages: ["messages", "sms"],
  people: ["people"],
};

/** @type {(section: Section) => string} */
export const tabOf = (section) => Object.keys(TABS).find((tab) => TABS[tab].includes(section)) ?? "";

/**
 * The tabs that have something; `content` has the chosen one in its `data-tab`, by which the style knows what to show.
 * @type {(context: Context, content: HTMLElement) => {root: HTMLElement, render: () => void, open: (tab: string) => void}}
 */
export function tabs({ store, settings, t }, content) {
  const shown = Object.entries(TABS).filter(([, sections]) =>
    sections.some((name) => settings.sections.includes(name)),
  );
  const buttons = shown.map(([name]) => {
    const count = element("small");
    const root = element("button", { type: "button", "data-tab": name }, t(`tab_${name}`), count);
    root.addEventListener("click", () => open(name));
    return { root, name, count };
  });
  const root = element("nav", { class: "tabs", "aria-label": t("tab_title") }, ...buttons.map((button) => button.root));
  root.hidden = settings.wall || shown.length < 2;
  if (!root.hidden) open(shown[0][0]);

  /** @param {string} tab */
  function open(tab) {
    setAttribute(content, "data-tab", tab);
    for (const button of buttons) setAttribute(button.root, "aria-pressed", String(button.name === tab));
  }
  function render() {
    const owed = missedCalls(store, settings).length;
    const unanswered = conversationList(store, settings).filter(([, { unanswered: is }]) => is).length;
    for (const { name, count } of buttons) {
      const number = { callbacks: owed, messages: unanswered }[name];
      setText(count, number ? String(number) : "");
    }
  }
  return { root, render, open };
}
