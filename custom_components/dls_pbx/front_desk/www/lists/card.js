/**
 * Card `custom:dls-pbx-lists`, for administrators. What the browser's tests hold on to: `[data-list]` with
 * `[data-listed]`, `[data-question]`, `[data-form]`, `[data-do]` and `[data-band]`.
 */

/** @import { Lists } from "../data/records-types.js" */
/** @import { Asking } from "../ui/asking.js" */
/** @import { Content } from "../ui/panel-card.js" */

import { element, setAttribute, setText } from "../ui/dom.js";
import { errorBand } from "../ui/error-band.js";
import { PanelCard } from "../ui/panel-card.js";
import { listsOf } from "./consent-lists.js";
import { consentTable } from "./consent-table.js";
import { actionForm } from "./form.js";
import { CSS } from "./style.js";

/** Home Assistant's form of the options. */
export const form = () => import("../ui/card-form.js").then((cardForm) => cardForm.form());

const required = ["first_name", "last_name", "phone_number", "address", "city", "state", "zip_code"];
const CONTACT = [
  { name: "contact_list" },
  ...required.map((name) => ({ name, ...(name === "phone_number" && { type: "tel" }) })),
  { name: "company_name", isOptional: true },
  { name: "dial_on_date", isOptional: true, type: "date" },
];

/** @type {(asking: Asking) => Content} */
function lists(asking) {
  const { t, hass, ask } = asking;
  if (!hass().user?.is_admin) return { root: element("p", { "data-refused": "" }, t("lists_administrators")) };
  /** Whose state is shown; empty: the lists alone. */ let number = "";
  let turn = 0;
  const band = errorBand(t, look);
  const field = element("input", {
    type: "search",
    inputmode: "tel",
    autocomplete: "off",
    name: "number",
    required: "",
  });
  const find = element("button", { class: "main", "data-do": "find" }, t("do_find"));
  const sought = element("h3", { tabindex: "-1" });
  const table = consentTable(asking, look);
  const row = element("div", { class: "row" }, element("label", { class: "grow" }, t("lists_number"), field), find);
  const search = element("form", { role: "search" }, row);
  const consent = element("div", { class: "box", "aria-busy": "false" });
  consent.append(element("h2", {}, t("lists_title")), search, band.root, sought, table.root);
  sought.hidden = true;

  const contact = actionForm(asking, "add_contact", CONTACT);
  const list = actionForm(asking, "add_contact_list", [{ name: "name" }], ({ name }) => {
    contact.inputs.contact_list.value = name;
  });
  const newList = element("div", { class: "box" }, element("h2", {}, t("lists_add_contact_list")), list.root);
  const newContact = element("div", { class: "box" }, element("h2", {}, t("lists_add_contact")), contact.root);
  const root = element("div", { class: "lists" }, consent, element("div", {}, newList, newContact));

  async function look() {
    const asked = ++turn;
    band.show(undefined);
    setAttribute(consent, "aria-busy", "true");
    try {
      const command = /** @type {typeof ask<Lists>} */ (ask);
      const answer = await command("lists", number ? { number } : {});
      if (asked !== turn) return;
      table.show(listsOf(answer), number);
      sought.hidden = !number;
      setText(sought, t("lists_of", { number }));
    } catch (error) {
      if (asked !== turn) return;
      band.show(error);
    }
    setAttribute(consent, "aria-busy", "false");
  }

  search.addEventListener("submit", (event) => {
    event.preventDefault();
    number = field.value.trim();
    void look();
  });
  field.addEventListener("input", () => {
    if (field.value.trim() || !number) return;
    number = "";
    void look();
  });
  return {
    root,
    start: look,
    refresh: look,
    stop() {
      turn += 1;
      band.stop();
    },
  };
}

export class Card extends PanelCard {
  constructor() {
    super(CSS, lists);
  }
}
