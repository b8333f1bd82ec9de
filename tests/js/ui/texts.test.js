/** Tests of the texts: their plurals, numbers and placeholders, and how they are asked for. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { texts, translation } from "../../../custom_components/dls_pbx/front_desk/www/ui/texts.js";

const HERE = new URL("../../../custom_components/dls_pbx/translations/", import.meta.url);

/** @type {(language: string, file?: string) => import("../../../custom_components/dls_pbx/front_desk/www/data/model-types.js").Translate} */
function spoken(language, file = language) {
  const { common } = JSON.parse(readFileSync(new URL(`${file}.json`, HERE), "utf8"));
  const all = Object.entries(common).map(([key, text]) => [`component.dls_pbx.common.${key}`, text]);
  return translation(language, Object.fromEntries(all));
}

test("a count chooses between one and several", () => {
  const [english, spanish] = [spoken("en"), spoken("es")];
  assert.deepEqual(
    [0, 1, 2].map((count) => english("missed_calls", { count })),
    ["0 calls", "1 call", "2 calls"],
  );
  assert.deepEqual(
    [0, 1, 2].map((count) => spanish("missed_calls", { count })),
    ["0 llamadas", "1 llamada", "2 llamadas"],
  );
});

test("words of one and of several without a count are those of one", () => {
  assert.equal(spoken("en")("missed_calls"), "{count} call");
});

test("numbers are written as people write them there, without digits that say nothing", () => {
  assert.equal(spoken("en")("missed_calls", { count: 12345 }), "12,345 calls");
  assert.equal(spoken("es")("missed_calls", { count: 12345 }), "12.345 llamadas");
  assert.equal(spoken("es-MX", "es")("missed_calls", { count: 12345 }), "12,345 llamadas");
  assert.equal(spoken("en")("strip_goal", { goal: 66.6 }), "Goal 67%");
});

test("what a caller calls themselves is put in as it is", () => {
  assert.equal(spoken("en")("do_text_whom", { name: "{name} $& <b>|" }), "Text {name} $& <b>|");
});

test("Home Assistant is asked once for a language, and again where that failed", async () => {
  /** @type {object[]} */
  const asked = [];
  let answers = false;
  const hass = {
    language: "xx",
    /** @type {(command: object) => Promise<any>} */
    async callWS(command) {
      asked.push(command);
      if (!answers) throw new Error("No connection");
      return { resources: { "component.dls_pbx.common.front_desk_do_send": "Off it goes" } };
    },
  };
  await assert.rejects(texts(hass));
  answers = true;
  const t = await texts(hass);
  assert.equal(await texts(hass), t);
  assert.equal(t("do_send"), "Off it goes");
  assert.deepEqual(asked, [asked[0], asked[0]]);
  assert.deepEqual(asked[0], {
    type: "frontend/get_translations",
    language: "xx",
    category: "common",
    integration: ["dls_pbx"],
  });
});
