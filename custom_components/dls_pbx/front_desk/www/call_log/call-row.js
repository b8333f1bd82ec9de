/** A call as a row of the log: on a phone two lines, else a cell for each thing. */

/** @import { LoggedCall } from "../data/records-types.js" */
/** @import { Row } from "../ui/keyed-list.js" */
/** @import { Asking } from "../ui/asking.js" */

import { callerLink } from "../ui/caller-link.js";
import { element, setAttribute, setText } from "../ui/dom.js";
import { icon, setIcon } from "../ui/icons.js";
import { clock } from "../ui/time.js";
import { timeOnRecord } from "../ui/time-on-record.js";
import { talkTime } from "./talk-time.js";
import { webLink } from "./web-link.js";

/** The columns, each with its heading's key. */
export const COLUMNS = ["time", "who", "own_number", "queue", "agent", "wait", "talk", "outcome", "recording"];

const LEVELS = { answered: "ok", missed: "red", abandoned: "red", voicemail: "amber", fax: "unknown" };

/** @type {(asking: Asking, queueName: (id: string) => string) => Row<LoggedCall>} */
export function callRow(asking, queueName) {
  const { t, hass } = asking;
  /** @type {Record<string, HTMLElement>} */
  const cells = Object.fromEntries(
    COLUMNS.map((name) => [name, element("td", { role: "cell", class: name, "data-label": t(`column_${name}`) })]),
  );
  const root = element("tr", { role: "row" }, ...Object.values(cells));
  const [direction, outcome, star] = [icon(), icon(), icon()];
  const way = element("span", { class: "spoken" });
  const link = callerLink(asking);
  const number = element("small");
  const vip = element("span", {}, star, element("span", { class: "spoken" }, t("row_vip")));
  const result = element("span");
  const recording = element("a", { target: "_blank", rel: "noreferrer", "data-do": "recording" }, t("log_listen"));
  setIcon(star, "star");
  star.classList.add("star");
  const names = element("span", { class: "names" }, link.root, " ", vip, number);
  cells.who.append(element("span", { class: "whom" }, direction, way, names));
  cells.outcome.append(outcome, result);
  cells.recording.append(recording);

  /** @param {LoggedCall} call */
  function update(call) {
    setAttribute(root, "data-call", call.id);
    setText(cells.time, timeOnRecord(call.time, Date.now(), hass()));
    setIcon(direction, call.direction);
    setText(way, t(`call_${call.direction}`));
    link.update(call.name || call.number || t("row_someone"), call.tel ?? call.number);
    setText(number, (call.name && call.number) || "");
    vip.hidden = !call.vip;
    setText(cells.own_number, call.own_number ?? "");
    setText(cells.queue, call.queues.map(queueName).join(", "));
    const person = call.agent ?? call.extension;
    const isTalk = call.outcome === "answered" || call.direction !== "inbound";
    setText(cells.agent, person && !isTalk ? t("log_for", { who: person }) : (person ?? ""));
    setText(cells.wait, call.wait === null ? "" : clock(call.wait));
    const talk = talkTime(call);
    setText(cells.talk, talk === null ? "" : clock(talk));
    setAttribute(root, "data-outcome", call.outcome ?? "none");
    setAttribute(cells.outcome, "data-level", call.outcome ? LEVELS[call.outcome] : "unknown");
    setIcon(outcome, call.outcome ? LEVELS[call.outcome] : "unknown");
    setText(result, t(`outcome_${call.outcome ?? "none"}`));
    const address = webLink(call.recording);
    recording.hidden = !address;
    if (address) setAttribute(recording, "href", address);
    for (const cell of Object.values(cells)) cell.classList.toggle("blank", !cell.textContent);
    cells.recording.classList.toggle("blank", !address);
  }
  return { root, update };
}
