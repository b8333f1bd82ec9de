/** Tests of the days that one looks through: in the user's zone, whole, and also where a day has 23 hours. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  PERIODS,
  bounds,
  dayAndTime,
  daysLater,
  daysOf,
} from "../../../custom_components/dls_pbx/front_desk/www/call_log/days.js";
import { webLink } from "../../../custom_components/dls_pbx/front_desk/www/call_log/web-link.js";
import { NOON, zone } from "../helpers/records.js";

test("each choice has its days, as the user's calendar has them", () => {
  assert.deepEqual(
    PERIODS.map((period) => daysOf(period, NOON, zone())),
    [
      { from: "2026-11-24", to: "2026-11-24" },
      { from: "2026-11-23", to: "2026-11-23" },
      { from: "2026-11-18", to: "2026-11-24" },
      { from: "2026-10-26", to: "2026-11-24" },
      { from: "", to: "" },
    ],
  );
});

test("today is the user's day, not London's", () => {
  const late = Date.parse("2026-11-24T03:00:00Z");
  assert.deepEqual(daysOf("today", late, zone("America/Chicago")), { from: "2026-11-23", to: "2026-11-23" });
  assert.deepEqual(dayAndTime(late, zone("America/Chicago")), ["2026-11-23", "21:00:00"]);
  assert.deepEqual(dayAndTime(late, zone("Pacific/Auckland")), ["2026-11-24", "16:00:00"]);
});

test("midnight is the beginning of a day, as every calendar has it", () => {
  const midnight = Date.parse("2026-11-24T06:00:00Z");
  assert.deepEqual(dayAndTime(midnight, zone("America/Chicago")), ["2026-11-24", "00:00:00"]);
});

test("times are those of the browser where the user wants that", () => {
  // One of the two is not where this machine is.
  for (const elsewhere of ["Pacific/Auckland", "America/Chicago"]) {
    const { locale } = zone("local");
    const here = new Date(2026, 10, 24, 9, 5, 7).getTime();
    assert.deepEqual(dayAndTime(here, { locale, config: { time_zone: elsewhere } }), ["2026-11-24", "09:05:07"]);
  }
});

test("days are counted over the ends of months and years, and over a change of clocks", () => {
  assert.equal(daysLater("2026-12-31", 1), "2027-01-01");
  assert.equal(daysLater("2028-03-01", -1), "2028-02-29");
  assert.equal(daysLater("2026-11-01", 1), "2026-11-02");
});

test("a day begins at midnight and ends before the next one's, in Home Assistant's zone where that is wished", () => {
  assert.deepEqual(bounds({ from: "2026-11-23", to: "2026-11-24" }, zone()), {
    start: "2026-11-23T00:00:00",
    end: "2026-11-25T00:00:00",
  });
});

test("a day is that of the browser where the user wants that", () => {
  const { start, end } = bounds({ from: "2026-11-23", to: "2026-11-23" }, zone("local"));
  assert.deepEqual(start, new Date(2026, 10, 23).toISOString());
  assert.deepEqual(end, new Date(2026, 10, 24).toISOString());
});

test("an empty field is no limit", () => {
  assert.deepEqual(bounds({ from: "", to: "" }, zone()), {});
  assert.deepEqual(Object.keys(bounds({ from: "2026-11-23", to: "" }, zone())), ["start"]);
});

test("a recording opens only where it is a page of the web", () => {
  assert.equal(webLink("https://pbx.example/rec?id=1"), "https://pbx.example/rec?id=1");
  for (const link of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/rec/1", "", null])
    assert.equal(webLink(link), null, String(link));
});
