/** Tests of what is written: sent once for each press, and never lost. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  changeDraft,
  draftOf,
  lengthOf,
  sendDraft,
  tooLong,
} from "../../../custom_components/dls_pbx/front_desk/www/messages/drafts.js";

/** @typedef {import("../../../custom_components/dls_pbx/front_desk/www/ui/asking.js").Asking} Asking */

/** Words with what is put into them. @type {import("../../../custom_components/dls_pbx/front_desk/www/data/model-types.js").Translate} */
const t = (key, given) => [key, ...Object.values(given ?? {})].join(" ");

/** @param {() => Promise<unknown>} answer */
function desk(answer) {
  /** @type {object[]} */ const sent = [];
  const act = (/** @type {string} */ action, /** @type {object} */ fields, /** @type {boolean} */ isAnswered) => {
    sent.push({ action, ...fields, isAnswered });
    return answer();
  };
  return { sent, asking: /** @type {Asking} */ (/** @type {unknown} */ ({ t, act })) };
}

/** @type {(body: string) => ReturnType<typeof draftOf>} */
function written(body) {
  const draft = draftOf(`test ${Math.random()}`);
  changeDraft(draft, { body });
  return draft;
}

test("a text goes out once, and nothing is left that could go out twice", async () => {
  const { sent, asking } = desk(async () => ({}));
  const draft = written("Hello");
  const [first, second] = [sendDraft(asking, draft, "+18155550123", "Ann"), sendDraft(asking, draft, "+18155550123")];
  assert.deepEqual([await first, await second], [true, false]);
  const text = { action: "send_sms", recipients: ["+18155550123"], message: "Hello", isAnswered: true };
  assert.deepEqual(sent, [text]);
  assert.deepEqual([draft.body, draft.done, draft.failed], ["", "sms_sent Ann", ""]);
  changeDraft(draft, { body: "Hello again" });
  assert.equal(await sendDraft(asking, draft, "+18155550123"), true);
  assert.deepEqual(sent, [text, { ...text, message: "Hello again" }]);
});

test("a text of which nobody knows whether it went out stays, and the box says so", async () => {
  for (const error of [3, { code: 3, message: "Connection lost" }, {}, undefined]) {
    const draft = written("Hello");
    assert.equal(await sendDraft(desk(() => Promise.reject(error)).asking, draft, "630"), false);
    assert.deepEqual([draft.body, draft.failed, draft.isSending], ["Hello", "sms_unsure", false]);
  }
});

test("a refusal is told in the words of who refused", async () => {
  const draft = written("Hello");
  const error = { code: "service_validation_error", message: "Validation error: They opted out" };
  await sendDraft(desk(() => Promise.reject(error)).asking, draft, "630");
  assert.deepEqual([draft.body, draft.failed, draft.done], ["Hello", "They opted out", ""]);
});

test("what cannot be sent is not sent", async () => {
  const { sent, asking } = desk(async () => ({}));
  for (const [body, to, why] of [
    [" ", "630", "sms_no_message"],
    ["Hello", "", "sms_no_recipient"],
    ["x".repeat(203), "630", "sms_over 3"],
  ]) {
    const draft = written(body);
    assert.equal(await sendDraft(asking, draft, to), false);
    assert.equal(draft.failed, why);
  }
  assert.deepEqual(sent, []);
});

test("a draft is there again for the next card that shows it, with what became of it", async () => {
  const draft = written("Hello");
  let shown = 0;
  draft.shownBy.add(() => (shown += 1));
  await sendDraft(desk(() => Promise.reject({ message: "No" })).asking, draft, "630");
  assert.equal(shown, 2);
  const key = "one and the same";
  assert.equal(draftOf(key), draftOf(key));
});

test("characters are counted as the PBX counts them", () => {
  assert.equal(lengthOf("👍🏽é"), 3);
  assert.equal(tooLong(t, "x".repeat(200)), undefined);
});
