/** Comparison of random changes with looking at everything anew: where they differ, a row on the wall is wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { settings } from "../../../custom_components/dls_pbx/front_desk/www/front_desk/settings.js";
import {
  liveCalls,
  missedCalls,
  waitingCallers,
} from "../../../custom_components/dls_pbx/front_desk/www/data/selectors.js";
import { everybody, people } from "../../../custom_components/dls_pbx/front_desk/www/data/people.js";
import { queueFigures } from "../../../custom_components/dls_pbx/front_desk/www/data/queue-figures.js";
import { statusStripFigures } from "../../../custom_components/dls_pbx/front_desk/www/data/status-strip-figures.js";
import { Store } from "../../../custom_components/dls_pbx/front_desk/www/data/store.js";
import { agent, ago, call, caller, change, dice, missed, NOW, phone, queue, snapshot } from "../helpers/office.js";

/** @import { Settings } from "../../../custom_components/dls_pbx/front_desk/www/data/model-types.js" */
/** @import { AgentState, Rows } from "../../../custom_components/dls_pbx/front_desk/www/data/subscribe-types.js" */

const NAMES = ["Ann", "ann", "Ángel", "Bo", "Room 9", "Room 10", "Zoë", "Núñez"];
const QUEUES = ["sales", "help", "night"];
const STATES = /** @type {(AgentState|null)[]} */ (["ringing", "on_call", "available", "paused", "unreachable", null]);

const CALLS = /** @type {const} */ (["waiting", "ringing", "connected", null]);

/** @param {(below: number) => number} roll */
function randomRows(roll) {
  /** @type {<T>(items: readonly T[]) => T} */
  const pick = (items) => items[roll(items.length)];
  const some = () => QUEUES.filter(() => roll(2));
  const somebody = () => (roll(3) ? String(roll(25)) : null);
  const ends = () => ({ caller: somebody(), callee: somebody(), status: pick(CALLS) });
  const callers = () =>
    Array.from({ length: roll(4) }, () => caller({ number: String(roll(5)), since: roll(5) ? ago(roll(99)) : null }));
  const makers = {
    queues: () =>
      queue({ callers: callers(), waiting: roll(4) || null, service_level: roll(101), calls_today: roll(20) }),
    agents: () => agent({ name: pick(NAMES), state: pick(STATES), queues: some(), paused: !roll(4) }),
    calls: () => call({ since: roll(5) ? ago(roll(99)) : null, queue: pick([null, ...QUEUES]), ...ends() }),
    phones: () => phone({ name: pick(NAMES), extension: String(roll(30)) }),
    missed: () => missed({ last: ago(roll(999)), queues: some() }),
  };
  /** @type {Record<string, Record<string, object|null>>} */
  const news = {};
  for (const [table, make] of Object.entries(makers)) {
    const ids = table === "queues" ? QUEUES : Array.from({ length: roll(4) }, () => String(roll(25)));
    for (const id of ids) if (roll(3)) (news[table] ??= {})[id] = roll(4) ? make() : null;
  }
  return news;
}

/** @type {(chosen: Settings, search: string) => (desk: Store) => unknown[]} */
const everything = (chosen, search) => (desk) => [
  waitingCallers(desk, chosen),
  liveCalls(desk, chosen),
  missedCalls(desk, chosen),
  everybody(desk, chosen),
  people(desk, chosen, "free", ""),
  people(desk, chosen, "all", search),
  queueFigures(desk, chosen),
  statusStripFigures(desk, chosen, NOW),
];

for (const queues of [[], ["sales"], ["help", "night"]]) {
  test(`after any changes the desk shows what one begins with that has them (${queues.join() || "all queues"})`, () => {
    const roll = dice(queues.length);
    const kind = settings({ queues });
    const desk = new Store();
    /** @type {Record<string, Record<string, object>>} */
    const naive = {
      queues: {},
      agents: {},
      calls: {},
      phones: {},
      missed: {},
      conversations: {},
      faxes: {},
      health: {},
    };
    for (let turn = 0; turn < 700; turn += 1) {
      const news = randomRows(roll);
      const copy = structuredClone(naive);
      for (const [table, rows] of Object.entries(news)) {
        for (const [id, row] of Object.entries(rows)) {
          if (row) naive[table][id] = row;
          else delete naive[table][id];
        }
      }
      const before = new Map(everybody(desk, kind).map((person) => [person.id, person]));
      const message = !roll(20) ? snapshot(structuredClone(naive)) : change(structuredClone(news));
      const { tables, rows } = desk.apply(message);

      for (const table of /** @type {(keyof Rows)[]} */ (["queues", "agents", "calls", "phones", "missed", "health"])) {
        assert.deepEqual(Object.fromEntries(desk[table]), naive[table]);
        const all = new Set([...Object.keys(copy[table]), ...Object.keys(naive[table])]);
        const changed = [...all].filter((id) => JSON.stringify(copy[table][id]) !== JSON.stringify(naive[table][id]));
        assert.deepEqual([...(rows[table] ?? [])].sort(), changed.sort());
        assert.equal(tables.has(table), changed.length > 0);
      }
      const fresh = new Store();
      fresh.apply(snapshot(structuredClone(naive)));
      const look = everything(kind, String(roll(10)));
      assert.deepEqual(look(desk), look(fresh));
      for (const person of everybody(desk, kind)) {
        const old = before.get(person.id);
        if (old?.from.every((one, index) => one === person.from[index])) assert.equal(person, old);
      }
    }
  });
}
