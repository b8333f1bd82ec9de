import assert from "node:assert/strict";
import { test } from "node:test";

import { TEXTS, texts } from "../../custom_components/dls_pbx/www/texts.js";

/** @type {(text: string) => string[][]} the placeholders of each plural form */
const placeholders = (text) =>
  text.split("|").map((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());

test("every text is there in both languages, with the same placeholders in as many forms", () => {
  for (const [key, [english, spanish]] of Object.entries(TEXTS)) {
    assert.ok(english.trim() && spanish.trim(), key);
    assert.deepEqual(placeholders(spanish), placeholders(english), key);
  }
});

test("a count chooses between one and several", () => {
  const [english, spanish] = [texts("en"), texts("es")];
  assert.deepEqual(
    [0, 1, 2].map((count) => english("missed.calls", { count })),
    ["0 calls", "1 call", "2 calls"],
  );
  assert.deepEqual(
    [0, 1, 2].map((count) => spanish("missed.calls", { count })),
    ["0 llamadas", "1 llamada", "2 llamadas"],
  );
});

test("numbers are written as people write them there, without digits that say nothing", () => {
  assert.equal(texts("en")("missed.calls", { count: 12345 }), "12,345 calls");
  assert.equal(texts("es")("missed.calls", { count: 12345 }), "12.345 llamadas");
  assert.equal(texts("es-MX")("missed.calls", { count: 12345 }), "12,345 llamadas");
  assert.equal(texts("en")("strip.goal", { goal: 66.6 }), "Goal 67 %");
});

test("what a caller calls themselves is put in as it is", () => {
  assert.equal(texts("en")("do.text_whom", { name: "{name} $& <b>|" }), "Text {name} $& <b>|");
});

test("every kind of Spanish is Spanish, and of a language that we do not have people get English", () => {
  const spoken = ["es", "es-419", "ES-mx", "fr", "zh-Hans", "et", "", "not a language"].map((language) =>
    texts(language)("do.send"),
  );
  assert.deepEqual(spoken, ["Enviar", "Enviar", "Enviar", "Send", "Send", "Send", "Send", "Send"]);
});

test("a language is prepared once", () => {
  assert.equal(texts("es"), texts("es"));
});
