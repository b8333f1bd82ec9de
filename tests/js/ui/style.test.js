/** Tests of the shared style on browsers that cannot mix colors, or measure a card. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { BASE, narrow } from "../../../custom_components/dls_pbx/front_desk/www/ui/style.js";

test("a browser that cannot mix colors has the plain ones", () => {
  const plain = BASE.replace(/@supports \(color: color-mix\([^]*?\} \}/, "");
  assert.doesNotMatch(plain, /color-mix/);
  const names = (/** @type {string} */ css) => new Set([...css.matchAll(/(--[a-z]+):/g)].map(([, name]) => name));
  assert.deepEqual(names(BASE), names(plain));
});

test("a browser that cannot measure the card goes by the page", () => {
  assert.match(BASE, /font-size: clamp\(14px, 9px \+ \.5vw, 34px\); font-size: [^;]*cqi/);
  assert.match(
    narrow("p { margin: 0; }"),
    /@media \(max-width: 640px\) \{ (.*) \}\s*@container \(max-width: 640px\) \{ \1 \}/,
  );
});
