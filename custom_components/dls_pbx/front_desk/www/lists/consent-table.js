/** The consent lists: how long each is, whether a number is on it, and a button to change that, after a question. */

/** @import { Asking } from "../ui/asking.js" */
/** @import { List } from "./consent-lists.js" */

import { element, setAttribute, setText } from "../ui/dom.js";
import { errorText } from "../ui/errors.js";
import { icon, setIcon } from "../ui/icons.js";
import { changeOf } from "./consent-lists.js";

/**
 * @param {Asking} asking
 * @param {() => void} onChanged
 * @returns {{root: HTMLElement, show: (lists: List[], number: string) => void}}
 */
export function consentTable({ t, act }, onChanged) {
  const root = element("div", { class: "consent" });
  const status = element("p", { role: "status" });
  const parts = element("div", { class: "consent" });
  root.append(parts, status);

  /** @type {(lists: List[], number: string) => void} */
  function show(lists, number) {
    parts.replaceChildren(
      ...["in", "out"].map((kind) => {
        const rows = lists.filter((list) => list.kind === kind).map((list) => line(list, number));
        const nothing = element("p", { class: "muted" }, t("lists_none"));
        const title = element("h3", {}, t(`consent_${kind}`));
        const whole = element("ul", { role: "list" }, ...rows);
        return element("section", { "data-lists": kind }, title, rows.length ? whole : nothing);
      }),
    );
  }

  /** @type {(list: List, number: string) => HTMLElement} */
  function line(list, number) {
    const { id, name, total, listed } = list;
    const svg = icon();
    setIcon(svg, listed === null ? "unknown" : listed === (list.kind === "in") ? "ok" : listed ? "red" : "unknown");
    const state = listed === null ? t("lists_unknown") : t(listed ? "lists_listed" : "lists_not_listed");
    const words = element(
      "div",
      { class: "grow" },
      element("b", {}, name),
      " ",
      element("small", {}, [name !== id && id, t("lists_total", { count: total })].filter(Boolean).join(" · ")),
    );
    const row = element("li", { class: "row", "data-list": id }, words);
    if (!number) return row;
    row.append(element("span", { class: "state", "data-listed": String(listed) }, svg, state));
    const changes = listed === null ? [false, true] : [listed];
    row.append(...changes.map((isListed) => changeButton(list, number, isListed, row)));
    return row;
  }

  /** @type {(list: List, number: string, isListed: boolean, row: HTMLElement) => HTMLElement} */
  function changeButton(list, number, isListed, row) {
    const [action, field] = changeOf(list, isListed);
    const button = element("button", { type: "button", "data-do": action }, t(`do_${action}`));
    button.setAttribute("aria-label", t("lists_do_where", { action: t(`do_${action}`), list: list.name }));
    button.addEventListener("click", () => {
      row.querySelector("[data-question]")?.remove();
      row.append(question(list, number, action, field, button));
      /** @type {HTMLElement} */ (row.querySelector("[data-do=yes]")).focus();
    });
    return button;
  }

  /** @type {(list: List, number: string, action: string, field: string, opener: HTMLElement) => HTMLElement} */
  function question(list, number, action, field, opener) {
    const yes = element("button", { type: "button", class: "main", "data-do": "yes" }, t(`do_${action}`));
    const no = element("button", { type: "button", "data-do": "no" }, t("do_cancel"));
    const alert = element("p", { role: "alert" });
    const words = t(`ask_${action}`, { number, list: list.name });
    const buttons = element("div", { class: "row" }, yes, no);
    const how = { class: "question", role: "group", "aria-label": words, "data-question": "" };
    const box = element("div", how, element("p", {}, words), buttons, alert);
    const close = () => {
      box.remove();
      opener.focus();
    };
    let isSending = false;
    no.addEventListener("click", close);
    box.addEventListener("keydown", (event) => event.key === "Escape" && !isSending && close());
    yes.addEventListener("click", async () => {
      if (isSending) return;
      isSending = no.disabled = true;
      setAttribute(yes, "aria-disabled", "true");
      setText(alert, "");
      try {
        await act(action, { phone_number: number, [field]: list.id });
        setText(status, t(`done_${action}`, { number, list: list.name }));
        box.remove();
        onChanged();
      } catch (error) {
        setText(alert, errorText(t, error));
      }
      isSending = no.disabled = false;
      setAttribute(yes, "aria-disabled", "false");
    });
    return box;
  }
  return { root, show };
}
