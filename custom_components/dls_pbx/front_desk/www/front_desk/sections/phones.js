/** Section of the phones, with a search. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Phone } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { isUnanswered, phoneList } from "../../data/selectors.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { joined, listRow } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function phonesSection(context) {
  const { store, settings, t } = context;
  const search = element("input", { type: "search", "aria-label": t("phone_search"), placeholder: t("phone_search") });
  const count = element("p", { class: "spoken", role: "status" });
  /** @returns {Row<Entry<Phone>>} */
  function build() {
    const { root, svg, title, detail } = listRow();
    /** @param {Entry<Phone>} item */
    function update([id, phone]) {
      const state = phone.registered === false ? "off" : (phone.state ?? "unknown");
      setAttribute(root, "data-phone", id);
      setAttribute(root, "data-state", state);
      setIcon(svg, state);
      setText(title, phone.name);
      const voicemail = phone.voicemail_new ? t("phone_voicemail", { count: phone.voicemail_new }) : null;
      setText(detail, joined([phone.extension, t(`state_${state}`), voicemail]));
    }
    return { root, update };
  }
  const list = new KeyedList(([id]) => id, build);
  const items = () => phoneList(store, settings, search.value.trim());
  const part = listSection(context, "phones", list, items, {
    isUnknown: () => isUnanswered(store, settings, "users") && !store.phones.size,
    emptyText: () => (store.phones.size ? t("empty_search", { search: search.value }) : t("empty_phones")),
    above: [search, count],
  });
  search.addEventListener("input", () => {
    part.render();
    setText(count, t("phone_found", { count: items().length }));
  });
  return part;
}
