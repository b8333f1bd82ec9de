import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
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

const WWW = new URL("../../custom_components/dls_pbx/www/", import.meta.url);

/** @type {{skip: string|false}} */
const ONCE_THERE = { skip: !existsSync(new URL("card.js", WWW)) && "the card is not there yet" };

test("every text is used, and nothing else is asked for", ONCE_THERE, () => {
  const files = globSync("**/*.js", { cwd: WWW }).filter((name) => name !== "texts.js");
  const code = files.map((name) => readFileSync(new URL(name, WWW), "utf8")).join("\n");
  const literals = new Set([...code.matchAll(/"([a-z]\w*\.\w+)"/g)].map(([, text]) => text));
  const computed = [...code.matchAll(/`([a-z]\w*\.)\$\{/g)].map(([, start]) => start);
  const keys = Object.keys(TEXTS);
  const unused = keys.filter((key) => !literals.has(key) && !computed.some((start) => key.startsWith(start)));
  assert.deepEqual(unused, []);
  const kinds = new Set(keys.map((key) => key.split(".")[0]));
  const missing = [...literals].filter((text) => kinds.has(text.split(".")[0]) && !keys.includes(text));
  assert.deepEqual(missing, []);
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
  assert.equal(texts("en")("strip.goal", { goal: 66.6 }), "Goal 67%");
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
