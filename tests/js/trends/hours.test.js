/** Tests of the hours of calls: by the office's own clock, and nothing made up of what is not known. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  firstWeekday,
  heatMap,
  hours,
  lastOfEachDay,
  noonOf,
  sumOfEachDay,
  unitOf,
  wallClock,
  weeks,
} from "../../../custom_components/dls_pbx/front_desk/www/trends/hours.js";

const ZONE = "America/Chicago";
const MONDAY = 1;
const HOUR = 3_600_000;

/** @type {(iso: string, change: number|null) => {start: number, change: number|null}} */
const row = (iso, change) => ({ start: Date.parse(iso), change });

test("an hour belongs to the day and the weekday that the office has", () => {
  // In Chicago it is still Sunday evening.
  assert.deepEqual(hours([row("2026-11-23T03:00:00Z", 4)], ZONE), [
    { day: Date.UTC(2026, 10, 22) / 86_400_000, hour: 21, weekday: 0, value: 4 },
  ]);
});

test("an hour of which nothing is known is no hour without calls", () => {
  assert.deepEqual(hours([row("2026-11-23T15:00:00Z", null)], ZONE), []);
});

test("an hour without calls is one", () => {
  const found = hours([row("2026-11-23T15:00:00Z", 0)], ZONE);
  assert.deepEqual(
    found.map(({ value }) => value),
    [0],
  );
});

test("the heat of an hour is the mean of its days, from the first busy hour to the last", () => {
  const found = hours(
    [
      row("2026-11-16T15:00:00Z", 4),
      row("2026-11-23T15:00:00Z", 8),
      row("2026-11-24T17:00:00Z", 1),
      row("2026-11-24T20:00:00Z", 0),
    ],
    ZONE,
  );
  const map = heatMap(found, MONDAY);
  assert.deepEqual(
    map.map(({ hour }) => hour),
    [9, 10, 11],
  );
  assert.deepEqual(map[0].cells, [6, null, null, null, null, null, null]);
  assert.deepEqual(map[2].cells, [null, 1, null, null, null, null, null]);
  assert.deepEqual(heatMap([], MONDAY), []);
});

test("a week is compared with the last one up to the same hour, and not with all of it", () => {
  const found = hours(
    [
      row("2026-11-15T15:00:00Z", 2000), // Sunday of the week before
      row("2026-11-16T06:00:00Z", 3), // Monday of last week, midnight
      row("2026-11-16T15:00:00Z", 1), // Monday of last week
      row("2026-11-17T15:00:00Z", 10), // Tuesday of last week, 9 o'clock
      row("2026-11-17T17:00:00Z", 20), // the hour that goes on: today it is not whole
      row("2026-11-17T18:00:00Z", 100), // later than now
      row("2026-11-20T15:00:00Z", 1000), // Friday of last week
      row("2026-11-23T15:00:00Z", 5),
      row("2026-11-24T15:00:00Z", 7),
    ],
    ZONE,
  );
  const now = wallClock(ZONE)(Date.parse("2026-11-24T17:30:00Z"));
  assert.deepEqual(weeks(found, now, MONDAY), { now: 12, before: 14 });
});

test("with Sunday as the first day, Sunday is of the new week", () => {
  const found = hours([row("2026-11-22T15:00:00Z", 3)], ZONE);
  const now = wallClock(ZONE)(Date.parse("2026-11-24T17:30:00Z"));
  assert.deepEqual(weeks(found, now, 0), { now: 3, before: 0 });
  assert.deepEqual(weeks(found, now, MONDAY), { now: 0, before: 0 });
});

test("the week begins as the user has chosen, else as their language has it", () => {
  const locale = /** @type {any} */ ({ language: "en-US" });
  assert.equal(firstWeekday({ ...locale, first_weekday: "saturday" }), 6);
  assert.equal(firstWeekday({ ...locale, first_weekday: "sunday", language: "de" }), 0);
  assert.equal(firstWeekday({ ...locale, first_weekday: "language", language: "de" }), MONDAY);
  assert.equal(firstWeekday(locale), 0);
});

test("browsers tell what a week begins with in one of two ways, or not at all", () => {
  const { prototype } = Intl.Locale;
  const [before, now] = ["weekInfo", "getWeekInfo"].map((name) => Object.getOwnPropertyDescriptor(prototype, name));
  const american = () => firstWeekday(/** @type {any} */ ({ language: "en-US" }));
  try {
    Object.defineProperty(prototype, "weekInfo", { configurable: true, value: undefined });
    assert.equal(american(), 0);
    Object.defineProperty(prototype, "getWeekInfo", { configurable: true, value: undefined });
    assert.equal(american(), MONDAY);
    Object.defineProperty(prototype, "weekInfo", { configurable: true, value: { firstDay: 7 } });
    assert.equal(american(), 0);
  } finally {
    if (before) Object.defineProperty(prototype, "weekInfo", before);
    if (now) Object.defineProperty(prototype, "getWeekInfo", now);
  }
});

test("a day is named at its noon", () => {
  assert.equal(new Date(noonOf(Date.UTC(2026, 10, 24) / 86_400_000)).toISOString(), "2026-11-24T12:00:00.000Z");
});

test("a day's service level is what it was in its last hour", () => {
  const at = Date.parse("2026-11-23T15:00:00Z");
  const rows = [50, 70, 90].map((mean, index) => ({ start: at + index * HOUR, mean }));
  const next = { start: at + 24 * HOUR, mean: 20 };
  assert.deepEqual(
    lastOfEachDay(hours([...rows, next], ZONE), 14).map(({ value }) => value),
    [90, 20],
  );
  assert.equal(lastOfEachDay(hours([...rows, next], ZONE), 1)[0].value, 20);
});

test("a day's talk is what its hours add up to", () => {
  const rows = [row("2026-11-23T15:00:00Z", 0.5), row("2026-11-23T16:00:00Z", 1.5), row("2026-11-24T15:00:00Z", 2)];
  assert.deepEqual(
    sumOfEachDay(hours(rows, ZONE), 14).map(({ value }) => value),
    [2, 2],
  );
});

test("when the clocks change, both hours of that name are counted", () => {
  const found = hours([row("2026-11-01T06:00:00Z", 2), row("2026-11-01T07:00:00Z", 4)], ZONE);
  assert.deepEqual(
    found.map(({ hour }) => hour),
    [1, 1],
  );
  assert.deepEqual(heatMap(found, 0)[0].cells[0], 6);
});

test("a day of some minutes is told in minutes, and not as no hour beside a full bar", () => {
  assert.deepEqual(unitOf(7.5), { unit: "hour", inAnHour: 1 });
  assert.deepEqual(unitOf(1), { unit: "hour", inAnHour: 1 });
  assert.deepEqual(unitOf(0.5), { unit: "minute", inAnHour: 60 });
  assert.deepEqual(unitOf(1 / 60), { unit: "minute", inAnHour: 60 });
  assert.deepEqual(unitOf(0.005), { unit: "second", inAnHour: 3600 });
});
