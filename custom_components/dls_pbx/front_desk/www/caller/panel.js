/** Caller panel: who somebody is, what we owe them, their last calls and texts, before one picks up or calls back. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { CallerInfo } from "../data/records-types.js" */
/** @import { Hass } from "../ui/home-assistant-types.js" */
/** @import { Asking } from "../ui/asking.js" */

import { element, setText } from "../ui/dom.js";
import { isUnauthorized, readErrorText } from "../ui/error-band.js";
import { icon, setIcon } from "../ui/icons.js";
import { asking as askingOf } from "../ui/asking.js";
import { BASE } from "../ui/style.js";
import { callbackForm, owedCallback } from "./callback.js";
import { openDialog } from "./dialog.js";
import { lastCalls } from "./last-calls.js";
import { lastTexts, textBox } from "./last-texts.js";
import { CSS } from "./style.js";

/**
 * Open the panel of whoever that is: a number in any spelling, an extension or an auth ID.
 * @type {(whom: {hass: Hass, entryId?: string, number: string, t: Translate}) => void}
 */
export function openCaller({ hass, entryId, number, t }) {
  const asking = askingOf(t, () => hass, entryId);
  const name = element("h2", {}, number);
  const below = element("p", { class: "muted" });
  const shut = element("button", { type: "button", "data-do": "close", "aria-label": t("do_close") }, "✕");
  const body = element("div", { class: "panel-parts", "aria-busy": "true" }, element("p", {}, t("band_connecting")));
  const head = element("div", { class: "head" }, element("div", {}, name, below), shut);
  const content = element("div", { class: "panel", "data-panel": "" }, head, body);
  /** @type {(() => void)[]} */ const stops = [];
  const { close, dialog } = openDialog(BASE + CSS, t("caller_title", { name: number }), content, () =>
    stops.splice(0).forEach((stop) => stop()),
  );
  shut.addEventListener("click", close);

  async function fill() {
    try {
      const command = /** @type {typeof asking.ask<CallerInfo>} */ (asking.ask);
      const caller = await command("caller", { number });
      stops.splice(0).forEach((stop) => stop());
      setText(name, caller.name || caller.number);
      setText(below, (caller.name && caller.number) || "");
      dialog.setAttribute("aria-label", t("caller_title", { name: caller.name || caller.number }));
      body.replaceChildren(...parts(asking, caller, fill, stops));
    } catch (error) {
      body.replaceChildren(element("p", { role: "alert" }, readErrorText(t, error)));
    }
    body.setAttribute("aria-busy", "false");
  }
  void fill();
}

/** @type {(asking: Asking, caller: CallerInfo, again: () => void, stops: (() => void)[]) => Node[]} */
function parts(asking, caller, again, stops) {
  const { t } = asking;
  const { number, tel, callback_id: owed, conversation_id: conversation } = caller;
  const texts = element("div");
  const readTexts = () => fillPart(t, texts, lastTexts(asking, conversation));
  const box = textBox(asking, caller, () => void readTexts());
  const callback = callbackForm(asking, tel ?? number, again);
  stops.push(box.stop);

  const call = element("a", { class: "button main", "data-do": "call", href: `tel:${tel ?? ""}` }, t("do_call"));
  const text = toggle(t("do_text"), "text", box);
  const later = toggle(owed ? t("do_add_note") : t("do_add_callback"), "add_callback", callback);
  call.hidden = later.hidden = !tel;

  const note = element("div");
  if (owed) {
    const found = owedCallback(asking, owed).then((row) => owedWords(t, row));
    void fillPart(t, note, found);
  }
  const calls = element("div");
  void fillPart(t, calls, lastCalls(asking, caller));
  void readTexts();
  const sections = [
    element("section", { "data-part": "calls" }, element("h3", {}, t("caller_calls")), calls),
    element("section", { "data-part": "texts" }, element("h3", {}, t("caller_texts")), texts),
  ];
  return [
    facts(t, caller),
    note,
    element("div", { class: "row" }, call, text, later),
    box.root,
    callback.root,
    ...sections,
  ];
}

/** A button that shows and hides a form. @type {(label: string, action: string, part: {root: HTMLElement, focus: () => void}) => HTMLButtonElement} */
function toggle(label, action, part) {
  const button = element("button", { type: "button", "data-do": action, "aria-expanded": "false" }, label);
  part.root.hidden = true;
  button.addEventListener("click", () => {
    part.root.hidden = !part.root.hidden;
    button.setAttribute("aria-expanded", String(!part.root.hidden));
    if (!part.root.hidden) part.focus();
  });
  return button;
}

/** @type {(t: Translate, caller: CallerInfo) => HTMLElement} */
function facts(t, { vip, opted_out, callback_id }) {
  /** @type {(name: string, shape: string, text: string) => HTMLElement} */
  const pill = (name, shape, text) => {
    const svg = icon();
    setIcon(svg, shape);
    return element("span", { class: "pill", [`data-${name}`]: "" }, svg, text);
  };
  const found = [
    vip && pill("amber", "star", t("row_vip")),
    callback_id && pill("amber", "phone", t("caller_owed")),
    opted_out === true && pill("bad", "red", t("caller_opted_out")),
    opted_out === false && pill("good", "ok", t("caller_may_text")),
  ].filter((one) => one instanceof Node);
  const root = element("div", { class: "facts" }, .../** @type {Node[]} */ (found));
  root.hidden = !found.length;
  return root;
}

/** @type {(t: Translate, row: import("./callback.js").Owed|null) => Node} */
function owedWords(t, row) {
  const owner = row?.owner && t("caller_owner", { name: row.owner });
  const words = [row?.note, owner].filter(Boolean).join("\n");
  return words ? element("p", { class: "note", "data-note": "" }, words) : element("span");
}

/** Put in what comes; what the user may not read is simply not there. @type {(t: Translate, place: HTMLElement, what: Promise<Node>) => Promise<void>} */
async function fillPart(t, place, what) {
  try {
    place.replaceChildren(await what);
  } catch (error) {
    if (isUnauthorized(error)) (place.closest("section") ?? place).hidden = true;
    else place.replaceChildren(element("p", { role: "alert" }, readErrorText(t, error)));
  }
}
