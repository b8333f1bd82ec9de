/** Tests of what the rows of the sections' lists say. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../helpers/old-browser.js";
import { ago, call } from "../helpers/office.js";

const { counted } = await import("../../../custom_components/dls_pbx/front_desk/www/front_desk/list-row.js");

/** @type {(key: string, placeholders?: Record<string, string|number>) => string} */
const t = (key, placeholders) => [key, ...Object.values(placeholders ?? {})].join(" ");

test("a talk counts from the answer, and the wait is told apart", () => {
  const answered = ago(4);
  assert.deepEqual(counted(t, true, call({ since: ago(64), answered })), {
    from: answered,
    wait: "call_waited 1:00",
    title: "",
  });
});

test("a call that was answered at once had no wait", () => {
  const answered = ago(4);
  assert.deepEqual(counted(t, true, call({ since: answered, answered })), { from: answered, wait: false, title: "" });
  assert.deepEqual(counted(t, true, call({ since: null, answered })), { from: answered, wait: false, title: "" });
});

test("a call whose answer nobody saw counts from its beginning, and says so", () => {
  const since = ago(3600);
  assert.deepEqual(counted(t, true, call({ since })), { from: since, title: "call_whole" });
  assert.deepEqual(counted(t, true, call({ since: null })), { from: null, title: "" });
});

test("what is no talk counts from its beginning", () => {
  const since = ago(30);
  assert.deepEqual(counted(t, false, call({ since, answered: ago(4) })), { from: since, title: "" });
});
