/** Tests of what the rows of the sections' lists say. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../helpers/old-browser.js";
import { ago, call } from "../helpers/office.js";

const { talk } = await import("../../../custom_components/dls_pbx/front_desk/www/card/list-row.js");

/** @type {(key: string, placeholders?: Record<string, string|number>) => string} */
const t = (key, placeholders) => [key, ...Object.values(placeholders ?? {})].join(" ");

test("a talk counts from the answer, and the wait is told apart", () => {
  const answered = ago(4);
  assert.deepEqual(talk(t, call({ since: ago(64), answered })), { from: answered, wait: "call_waited 1:00" });
});

test("a call that was answered at once had no wait", () => {
  const answered = ago(4);
  assert.deepEqual(talk(t, call({ since: answered, answered })), { from: answered, wait: false });
  assert.deepEqual(talk(t, call({ since: null, answered })), { from: answered, wait: false });
});

test("a call whose answer nobody saw counts from its beginning, and says so", () => {
  const since = ago(3600);
  assert.deepEqual(talk(t, call({ since })), { from: since, wait: "call_wait_included" });
  assert.deepEqual(talk(t, call({ since: null })), { from: null, wait: null });
});
