/** Page of `script/bench --browser`: a large office, and changes in it that are the same in every run. */

const PHONES = 500;
const QUEUES = 50;
const AGENTS = 200;
const CALLS = 120;
const MISSED = 40;
const HEADING = { "data-person": "people", "data-callback": "missed", "data-call": "calls" };

let seed = 1;

/** Mulberry32: a random source that can begin at the same place again. */
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

const upTo = (count) => Math.floor(random() * count);
const pick = (things) => things[upTo(things.length)];
const some = (count, make) => Object.fromEntries(Array.from({ length: count }, (_, number) => make(number)));
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const number = () => `(815) 555-01${String(upTo(100)).padStart(2, "0")}`;
const outside = () => ({ number: number(), tel: "+18155550123", name: random() < 0.5 ? "Maria Jimenez" : null });

const phone = (id) => ({
  name: `Phone ${id}`, extension: String(1000 + id), tenant: "default", state: pick(["idle", "idle", "ringing", "in_call"]),
  registered: random() < 0.95, voicemail_new: upTo(3), device_id: null,
});
const agent = (id) => ({
  name: `Agent ${id}`, extension: String(1000 + id), queues: [`q${id % QUEUES}`, `q${(id + 7) % QUEUES}`],
  state: pick(["available", "available", "ringing", "on_call", "paused", "unreachable"]), paused: false, pause_reason: null,
  paused_since: null, answered_today: null, since: ago(upTo(300)), connected_to: null,
});
const caller = () => ({ ...outside(), priority: 0, since: ago(upTo(90)) });
const queue = (id, callers) => ({
  name: `Queue ${id}`, waiting: callers.length, waiting_since: callers[0]?.since ?? null, callers, agents_logged_in: 8,
  agents_available: upTo(5), agents_on_call: 2, agents_paused: 1, service_level: 60 + upTo(40), service_level_goal: 80,
  calls_today: upTo(500), missed_calls_today: upTo(20), abandoned_calls_today: upTo(10), device_id: null,
});
const call = () => ({
  direction: pick(["inbound", "outbound"]), status: pick(["ringing", "connected"]), since: ago(upTo(300)), ...outside(),
  queue: `q${upTo(QUEUES)}`, caller: null, callee: `a${upTo(AGENTS)}`,
});
const missed = () => ({ ...outside(), last: ago(upTo(7200)), calls: 1 + upTo(3), queues: [`q${upTo(QUEUES)}`], voicemail: false });

/** The office as it is now; changes are made from it so that they are always about what is there. */
const office = {
  queues: some(QUEUES, (id) => [`q${id}`, queue(id, Array.from({ length: upTo(3) }, caller))]),
  agents: some(AGENTS, (id) => [`a${id}`, agent(id)]),
  calls: some(CALLS, (id) => [`c${id}`, call()]),
  phones: some(PHONES, (id) => [`a${id}`, phone(id)]),
  missed: some(MISSED, (id) => [`m${id}`, missed()]),
  health: { pbx: { name: "PBX", ok: true, since: ago(0) } },
};
let calls = CALLS;

/** What may happen, in the order of how often it does: [table, id, row or null]. */
const CHANGES = [
  [0.4, () => { const id = upTo(PHONES); return ["phones", `a${id}`, phone(id)]; }],
  [0.7, () => { const id = upTo(AGENTS); return ["agents", `a${id}`, agent(id)]; }],
  [0.8, () => ["calls", pick(Object.keys(office.calls)), null]],
  [0.9, () => ["calls", `c${calls++}`, call()]],
  [0.98, () => {
    const id = upTo(QUEUES);
    const before = office.queues[`q${id}`].callers;
    return ["queues", `q${id}`, queue(id, random() < 0.5 ? before.slice(1) : [...before, caller()])];
  }],
  [1, () => ["missed", `m${upTo(MISSED)}`, missed()]],
];

/** A message with so many changed rows. */
function change(rows) {
  const message = { type: "change" };
  for (let done = 0; done < rows; done += 1) {
    const dice = random();
    const [table, id, row] = CHANGES.find(([share]) => dice < share)[1]();
    if (row) office[table][id] = row;
    else delete office[table][id];
    (message[table] ??= {})[id] = row;
  }
  // As it comes from the wire: nothing is shared with earlier messages.
  return JSON.parse(JSON.stringify(message));
}

let send = () => {};
const connection = {
  connected: true,
  async subscribeMessage(callback) {
    send = callback;
    setTimeout(() => callback(JSON.parse(JSON.stringify({ type: "snapshot", now: ago(0), ...office }))));
    return () => {};
  },
  async sendMessagePromise() { return { entries: [], resources: {} }; },
  addEventListener() {},
  removeEventListener() {},
};
const hass = {
  connection,
  connected: true,
  language: "en",
  locale: { language: "en", time_format: "language", number_format: "language", time_zone: "local" },
  config: { time_zone: "America/Chicago", components: [], state: "RUNNING" },
  user: { id: "1", name: "Bench", is_admin: true },
  themes: { darkMode: false },
  states: {},
  entities: {},
  devices: {},
  translationMetadata: { translations: { en: { isRTL: false } } },
  localize: (key) => key,
  formatEntityState: (state) => state.state,
  callWS: () => connection.sendMessagePromise(),
  callService: async () => ({}),
};

const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Show the card with the whole office. */
export async function open() {
  // The page's own element, which ours wait for.
  customElements.define("home-assistant", class extends HTMLElement {});
  await import("/www/main.js");
  await customElements.whenDefined("dls-pbx-front-desk");
  const card = document.createElement("dls-pbx-front-desk");
  card.setConfig({ type: "custom:dls-pbx-front-desk" });
  card.hass = hass;
  document.body.append(card);
  while (!find(card, "[data-person]")) await frame();
  return all(card, "[data-person], [data-call], [data-caller], [data-callback]").length;
}

/** Let the card's clocks go on or stand still: as for a page that nobody sees. */
export function clocks(go) {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !go });
}

/** Let the clocks go on by a second, and wait until the frame after it. */
export async function tick() {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await frame();
}

/** How many clocks there are; to look for them takes longer than to let them go on. */
export const clockCount = () =>
  all(document.querySelector("dls-pbx-front-desk"), "time").filter((one) => one.textContent).length;

let messages = [];

/** Make so many messages of so many rows beforehand: making them is not what is measured. */
export function prepare(batches, rows) {
  messages = Array.from({ length: batches }, () => change(rows));
}

/** Let the next message come, or nothing at all, and wait until the frame after it has been painted. */
export async function deliver(nothing = false) {
  const message = messages.shift();
  setTimeout(() => nothing || send(message));
  await frame();
  await frame();
}

/** Deliver the next message; return how many rows it changed, and which rows' elements were touched because of it. */
export async function watch() {
  const card = document.querySelector("dls-pbx-front-desk");
  const message = messages[0];
  // A person is made of a phone and an agent, and of the calls that they are in.
  const shownAs = { phones: "people", agents: "people" };
  const changed = new Set(Object.entries(message).flatMap(([table, rows]) =>
    table === "type" ? [] : Object.keys(rows).map((id) => `${shownAs[table] ?? table} ${id}`)));
  const records = [];
  const observer = new MutationObserver((seen) => records.push(...seen));
  for (const root of roots(card)) {
    observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  }
  await deliver();
  observer.disconnect();
  // The timers count in all rows, whatever changes: the elements, and the texts in them.
  const isTimer = (target) => [target, target.parentNode].some((one) => one?.nodeName === "TIME");
  const mutations = records.filter(({ target }) => !isTimer(target));
  const touched = new Set(mutations.map(({ target }) => row(target)).filter(Boolean));
  const needless = [...touched].filter((one) => !changed.has(one) && !(message.calls && one.startsWith("people")));
  return { rows: changed.size, mutations: mutations.length, touched: touched.size, needless };
}

/** Which row an element belongs to, as "table id". */
function row(node) {
  for (let one = node; one; one = one.parentNode ?? one.host) {
    for (const [attribute, table] of Object.entries(HEADING)) {
      if (one.getAttribute?.(attribute)) return `${table} ${one.getAttribute(attribute)}`;
    }
  }
  return null;
}

/** All shadow roots in an element, its own first. */
function roots(element) {
  const own = element.shadowRoot ? [element.shadowRoot] : [];
  return [...own, ...[...own, element].flatMap((root) => [...root.children].flatMap(roots))];
}

const all = (card, selector) => roots(card).flatMap((root) => [...root.querySelectorAll(selector)]);
const find = (card, selector) => all(card, selector)[0];
