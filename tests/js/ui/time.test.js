/** Tests of times as people read them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clock,
  nextTick,
  secondsSince,
  timeOfDay,
  zoneOf,
} from "../../../custom_components/dls_pbx/front_desk/www/ui/time.js";

/** @typedef {import("../../../custom_components/dls_pbx/front_desk/www/ui/home-assistant-types.js").Locale} Locale */

const NOON = Date.parse("2026-11-24T12:00:00Z");

/** @param {Partial<Locale>} wishes */
function home(wishes) {
  const locale = /** @type {Locale} */ ({ language: "en", time_format: "24", time_zone: "server", ...wishes });
  return { locale, config: { time_zone: "UTC", components: [], state: "RUNNING" } };
}

test("a duration reads like a clock, with hours only where there are any", () => {
  assert.deepEqual([0, 5, 59.99, 60, 754, 3599, 3600, 3723, 360_000].map(clock), [
    "0:00",
    "0:05",
    "0:59",
    "1:00",
    "12:34",
    "59:59",
    "1:00:00",
    "1:02:03",
    "100:00:00",
  ]);
});

test("a duration that nobody knows is a dash and not 0", () => {
  assert.equal(clock(null), "–");
  assert.equal(clock(NaN), "–");
});

test("what has not begun by this machine's clock lasts 0 seconds", () => {
  assert.equal(secondsSince("2026-11-24T12:00:07Z", NOON), 0);
  assert.equal(clock(-3), "0:00");
});

test("seconds are counted across time zones", () => {
  assert.equal(secondsSince("2026-11-24T06:59:00-05:00", NOON), 60);
});

test("since an unknown time nobody knows how many seconds went by", () => {
  assert.equal(secondsSince(null, NOON), null);
  assert.equal(secondsSince("yesterday", NOON), null);
});

test("the next tick is at the full second, and never at once", () => {
  assert.equal(nextTick(NOON + 250), 750);
  assert.equal(nextTick(NOON), 1000);
});

test("a time of today has no date, that of another day has one", () => {
  const hass = home({});
  assert.equal(timeOfDay("2026-11-24T09:05:00Z", NOON, hass), "09:05");
  assert.equal(timeOfDay("2026-11-23T13:05:00Z", NOON, hass), "Nov 23, 13:05");
  assert.equal(timeOfDay("2025-11-24T12:05:00Z", NOON, hass), "Nov 24, 12:05");
});

test("a time is written as the user has chosen in their profile", () => {
  assert.match(timeOfDay(NOON, NOON, home({ time_format: "12" })), /^12:00\sPM$/);
  assert.match(timeOfDay(NOON, NOON, home({ time_format: "12", language: "es" })), /^12:00\sp\.\sm\.$/);
  assert.match(timeOfDay(NOON, NOON, home({ time_format: "language" })), /^12:00\sPM$/);
  assert.equal(timeOfDay(NOON, NOON, home({ time_format: "language", language: "es" })), "12:00");
});

test("a time is written as the browser writes it, where the user has chosen that", () => {
  const browser = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", timeZone: "UTC" });
  const hass = home({
    time_format: "system",
    language: browser.resolvedOptions().locale.startsWith("es") ? "en" : "es",
  });
  assert.equal(timeOfDay(NOON, NOON, hass), browser.format(NOON));
});

test("a time is in Home Assistant's zone or in the browser's, as the user has chosen", () => {
  const server = home({});
  server.config.time_zone = "America/Chicago";
  assert.equal(timeOfDay(NOON, NOON, server), "06:00");
  const browser = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(NOON);
  assert.equal(timeOfDay(NOON, NOON, { ...server, locale: { ...server.locale, time_zone: "local" } }), browser);
});

test("a time that nobody knows is a dash", () => {
  assert.equal(timeOfDay("", NOON, home({})), "–");
});

test("hours are those of Home Assistant's zone or of the browser's, as the user has chosen", () => {
  assert.deepEqual([zoneOf(home({ time_zone: "server" })), zoneOf(home({ time_zone: "local" }))], ["UTC", undefined]);
});
