/** Tests of cards that are loaded when they are shown. */

import assert from "node:assert/strict";
import { test } from "node:test";

import "../helpers/old-browser.js";

const { lazyCard } = await import("../../../custom_components/dls_pbx/front_desk/www/ui/lazy-card.js");

/** Options and Home Assistant, as often as the card inside was given them. @type {string[]} */
const given = [];

class Card {
  setConfig() {
    given.push("options");
  }

  set hass(/** @type {object} */ _) {
    given.push("hass");
  }
}

/** @type {(load: () => Promise<any>) => any} a card on a dashboard, as Home Assistant makes one */
function shown(load) {
  const element = /** @type {any} */ (new (lazyCard("dls-pbx-test", { load, size: 1 }))());
  return Object.assign(element, { style: {}, replaceChildren() {}, dispatchEvent() {} });
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a card begins once, though its options and Home Assistant come one after the other", async () => {
  // Each beginning asks for all rows of an office, and builds all sections.
  Object.assign(document, { createElement: () => new Card() });
  given.length = 0;
  const element = shown(async () => ({ Card }));
  element.setConfig({});
  element.hass = { connection: {} };
  await settled();
  assert.deepEqual(given, ["options", "hass"]);
});

test("a card that could not be loaded is loaded when the line is back", async () => {
  // A wall tablet would show an empty place until somebody reloads the page.
  Object.assign(document, { createElement: () => new Card() });
  given.length = 0;
  const answers = [Promise.reject(new TypeError("Failed to fetch")), Promise.resolve({ Card })];
  const element = shown(() => /** @type {Promise<any>} */ (answers.shift()));
  element.setConfig({});
  element.hass = { connection: {} };
  await settled();
  assert.deepEqual(given, []);
  element.hass = { connection: {} };
  await settled();
  assert.deepEqual(given, ["options", "hass"]);
});
