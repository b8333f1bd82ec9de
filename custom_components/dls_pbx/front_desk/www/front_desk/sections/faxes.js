/** Section of the faxes: those that wait or are under way, and what became of today's. */

/** @import { Entry } from "../../data/model-types.js" */
/** @import { Fax } from "../../data/subscribe-types.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { faxList } from "../../data/selectors.js";
import { setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { timeOfDay } from "../../ui/time.js";
import { callerTitle, joined, listRow } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  const at = (/** @type {string|null} */ when) => when && timeOfDay(when, context.now(), context.hass());
  /** @returns {Row<Entry<Fax>>} */
  function build() {
    const { root, svg, title, detail, time } = listRow();
    const showName = callerTitle(context, title);
    /** @param {Entry<Fax>} item */
    function update([id, fax]) {
      const [from, to] = [fax.from ?? t("row_someone"), fax.to];
      const retry = fax.status === "queued" && fax.next_retry;
      setAttribute(root, "data-fax", id);
      setAttribute(root, "data-state", `fax_${fax.status}`);
      setIcon(svg, fax.status);
      showName(fax.name ?? (to ? t("call_pair", { from, to }) : from), fax.tel);
      const page = fax.page && t("fax_page", { page: fax.page });
      const attempt = fax.attempt && t("fax_attempt", { attempt: fax.attempt });
      const ends = fax.name && to && t("call_pair", { from, to });
      setText(
        detail,
        joined([t(`fax_${fax.status}`), ends, page, attempt, retry && t("fax_retry", { time: at(retry) ?? "" })]),
      );
      setText(time, at(fax.time) ?? "");
    }
    return { root, update };
  }
  const list = new KeyedList((/** @type {Entry<Fax>} */ [id]) => id, build);
  const items = () => faxList(store, settings);
  return listSection(context, "faxes", list, items, { isUnknown: () => false, isHiddenEmpty: true });
}
