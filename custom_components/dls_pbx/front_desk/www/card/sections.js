/** The lists of the front desk. */

/**
 * @import { Row } from "../ui/dom.js"
 * @import { Entry, Section, Translate, Waiting } from "../data/model-types.js"
 * @import { Context, Part } from "./section.js"
 * @import { Agent, Call, Missed, Phone } from "../data/subscribe-types.js"
 */

import { make, mark, picture, say } from "../ui/dom.js";
import { agentList, liveCalls, missedCalls, userName, phoneList, outages, waitingCallers } from "../data/selectors.js";
import { waitLevel } from "../data/status-strip-figures.js";
import { entry, listed, timer } from "./section.js";
import { smsBox } from "./sections/sms-box.js";
import { clock, timeOfDay } from "../ui/time.js";

/** @type {Readonly<Record<Section, (context: Context) => Part>>} */
export const SECTION = { waiting, agents, calls, phones, missed, sms: smsBox };

/** Whether the PBX does not answer to this question. @type {(context: Context, ...names: string[]) => boolean} */
const silent = ({ desk, settings }, ...names) =>
  !desk.health.size || outages(desk, settings).some(([id]) => id === "pbx" || names.includes(id));

/** Whether an empty list of callers or agents says nothing. @type {(context: Context) => () => boolean} */
const queuesUnknown = (context) => () => silent(context, "queues") || !context.desk.queues.size;

/** A caller's name and number, the more telling one first. @type {(t: Translate, who: {name: string|null, number: string|null}) => [string, string]} */
const named = (t, { name, number }) => (name ? [name, number ?? ""] : [number || t("row_someone"), ""]);

/** @type {(context: Context, ids: readonly string[]) => string} */
const queueNames = ({ desk }, ids) => ids.map((id) => desk.queues.get(id)?.name ?? id).join(", ");

/** @type {(words: (string|null|undefined|false)[]) => string} */
const together = (words) => words.filter(Boolean).join(" · ");

/** @type {(context: Context) => Part} */
function waiting(context) {
  const { t, settings } = context;
  /** @returns {Row<Waiting>} */
  function build() {
    const { element, shape, title, detail, time } = entry();
    const word = make("span", { class: "spoken" });
    time.setAttribute("data-since", "");
    element.append(word);
    const { begin, tick } = timer(context, (seconds) => {
      const level = waitLevel(seconds, settings);
      say(time, clock(seconds));
      if (element.dataset.level === level) return;
      element.dataset.level = level;
      picture(shape, level);
      say(word, t(`level_${level}`));
    });
    /** @param {Waiting} item */
    function update({ key, queue, caller }) {
      const [name, number] = named(t, caller);
      mark(element, "data-caller", key);
      say(title, name);
      say(detail, together([number, queueNames(context, [queue])]));
      begin(caller.since);
    }
    return { element, update, tick };
  }
  const items = () => waitingCallers(context.desk, settings);
  return listed(context, "waiting", items, ({ key }) => key, build, { unknown: queuesUnknown(context) });
}

/** @type {(context: Context) => Part} */
function agents(context) {
  const { t } = context;
  /** @returns {Row<Entry<Agent>>} */
  function build() {
    const { element, shape, title, detail, time } = entry();
    const { begin, tick } = timer(context, (seconds) => say(time, seconds === null ? "" : clock(seconds)));
    /** @param {Entry<Agent>} item */
    function update([id, agent]) {
      const state = agent.state ?? "unknown";
      mark(element, "data-agent", id);
      mark(element, "data-state", state);
      picture(shape, state);
      say(title, agent.name);
      const who = agent.connected_to && t("agent_with", { who: agent.connected_to });
      say(detail, together([t(`state_${state}`), agent.pause_reason, who, !who && agent.extension]));
      begin(agent.since);
    }
    return { element, update, tick };
  }
  const items = () => agentList(context.desk, context.settings);
  return listed(context, "agents", items, ([id]) => id, build, { unknown: queuesUnknown(context) });
}

/** @type {(context: Context) => Part} */
function calls(context) {
  const { desk, t } = context;
  /** @type {(call: Call, queue: string|null) => {from: string, to: string}} */
  function ends(call, queue) {
    const outside = named(t, call)[0];
    const [caller, callee] = [userName(desk, call.caller), userName(desk, call.callee)];
    if (call.direction === "outbound") return { from: caller ?? t("row_someone"), to: outside };
    const from = call.direction === "internal" ? (caller ?? outside) : outside;
    return { from, to: callee ?? queue ?? "" };
  }
  /** The PBX has answered who waits in a queue. @type {(call: Call) => boolean} */
  const waits = ({ queue, number }) =>
    desk.queues.get(queue ?? "")?.callers.some((caller) => caller.number === number) ?? false;
  /** @type {WeakSet<Call>} those that are shown so */
  const waiting = new WeakSet();
  /** @returns {Row<Entry<Call>>} */
  function build() {
    const { element, shape, title, detail, time } = entry();
    const { begin, tick } = timer(context, (seconds) => say(time, clock(seconds)));
    /** @param {Entry<Call>} item */
    function update([id, call]) {
      const queue = call.queue && queueNames(context, [call.queue]);
      const { from, to } = ends(call, queue);
      const state = waits(call) ? "waiting" : (call.status ?? "unknown");
      if (state === "waiting") waiting.add(call);
      else waiting.delete(call);
      mark(element, "data-call", id);
      mark(element, "data-state", state);
      picture(shape, call.direction);
      say(title, to ? t("call_pair", { from, to }) : from);
      say(detail, together([t(`call_${call.direction}`), t(`state_${state}`), queue !== to && queue]));
      begin(call.since);
    }
    return { element, update, tick };
  }
  const items = () => liveCalls(desk, context.settings);
  return listed(context, "calls", items, ([id]) => id, build, {
    unknown: () => silent(context, "calls"),
    again: ([, call]) => waits(call) !== waiting.has(call),
  });
}

/** @type {(context: Context) => Part} */
function phones(context) {
  const { desk, settings, t } = context;
  const search = make("input", { type: "search", "aria-label": t("phone_search"), placeholder: t("phone_search") });
  const count = make("p", { class: "spoken", role: "status" });
  /** @returns {Row<Entry<Phone>>} */
  function build() {
    const { element, shape, title, detail } = entry();
    /** @param {Entry<Phone>} item */
    function update([id, phone]) {
      const state = phone.registered === false ? "off" : (phone.state ?? "unknown");
      mark(element, "data-phone", id);
      mark(element, "data-state", state);
      picture(shape, state);
      say(title, phone.name);
      const voicemail = phone.voicemail_new ? t("phone_voicemail", { count: phone.voicemail_new }) : null;
      say(detail, together([phone.extension, t(`state_${state}`), voicemail]));
    }
    return { element, update };
  }
  const items = () => phoneList(desk, settings, search.value.trim());
  const part = listed(context, "phones", items, ([id]) => id, build, {
    unknown: () => silent(context, "users") && !desk.phones.size,
    empty: () => (desk.phones.size ? t("empty_search", { search: search.value }) : t("empty_phones")),
    above: [search, count],
  });
  search.addEventListener("input", () => {
    part.render();
    say(count, t("phone_found", { count: items().length }));
  });
  return part;
}

/** @type {(context: Context) => Part} */
function missed(context) {
  const { t, settings } = context;
  const texting = settings.sections.includes("sms");
  /** @returns {Row<Entry<Missed>>} */
  function build() {
    const { element, title, detail, time } = entry();
    const call = make("a", { "data-do": "call", class: "button" }, t("do_call"));
    const text = make("button", { "data-do": "text", type: "button" }, t("do_text"));
    element.append(make("div", { class: "actions" }, call, text));
    let number = "";
    text.addEventListener("click", () => context.compose(number));
    /** @param {Entry<Missed>} item */
    function update([id, one]) {
      const [name, below] = named(t, one);
      const last = timeOfDay(one.last, context.now(), context.hass());
      ({ number } = one);
      mark(element, "data-missed", id);
      say(title, name);
      say(time, last);
      const often = one.calls > 1 && t("missed_calls", { count: one.calls });
      say(detail, together([below, often, one.voicemail && t("missed_voicemail"), queueNames(context, one.queues)]));
      mark(time, "title", t("missed_last", { time: last }));
      mark(call, "aria-label", t("do_call_whom", { name }));
      mark(text, "aria-label", t("do_text_whom", { name }));
      call.hidden = text.hidden = !one.tel;
      text.hidden ||= !texting;
      if (one.tel) mark(call, "href", `tel:${one.tel}`);
    }
    element.firstChild?.remove();
    return { element, update };
  }
  const items = () => missedCalls(context.desk, settings);
  return listed(context, "missed", items, ([id]) => id, build, { unknown: () => silent(context, "reports") });
}
