/** The last calls of a caller: when, which way, with whom, and what came of it. */

/** @import { CallerInfo, LoggedCall } from "../data/records-types.js" */
/** @import { Asking } from "../ui/asking.js" */

import { talkTime } from "../call_log/talk-time.js";
import { element } from "../ui/dom.js";
import { icon, setIcon } from "../ui/icons.js";
import { clock } from "../ui/time.js";
import { timeOnRecord } from "../ui/time-on-record.js";

const LIMIT = 10;

/** @type {(asking: Asking, caller: Pick<CallerInfo, "number"|"tel">) => Promise<Node>} */
export async function lastCalls({ t, hass, ask }, { number, tel }) {
  const command = /** @type {typeof ask<{calls: LoggedCall[]}>} */ (ask);
  const { calls } = await command("call_log", { search: tel ?? number, limit: LIMIT });
  if (!calls.length) return element("p", { class: "muted" }, t("caller_no_calls"));
  const rows = calls.slice(0, LIMIT).map((call) => {
    const way = icon();
    setIcon(way, call.direction);
    const who = call.agent ?? call.extension;
    const words = [
      t(`call_${call.direction}`),
      t(`outcome_${call.outcome ?? "none"}`),
      who && t("caller_with", { who }),
    ];
    const when = element("time", {}, timeOnRecord(call.time, Date.now(), hass()));
    const talk = element("span", { class: "talk muted" }, talkTime(call) === null ? "" : clock(talkTime(call)));
    return element(
      "li",
      { "data-call": call.id },
      way,
      when,
      element("span", {}, words.filter(Boolean).join(" · ")),
      talk,
    );
  });
  return element("ul", { role: "list", class: "calls" }, ...rows);
}
