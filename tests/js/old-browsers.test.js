/**
 * Tests of what the modules ask of a browser. Home Assistant has a legacy build for tablets that hang on walls for years,
 * and hands our modules to them as they are: Safari 14.1, and WebViews of Chromium 86. `tsconfig.json` keeps the
 * language's own library of newer years out; the rest is listed here, with the Safari that has it.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { elements } from "./helpers/old-browser.js";

const WWW = new URL("../../custom_components/dls_pbx/front_desk/www/", import.meta.url);

/** Each with what it finds. @type {Record<string, [pattern: RegExp, sample: string]>} */
const TOO_NEW = {
  "private methods, 15": [/^\s*(?:static |async |get |set |\*)*#\w+\(.*\{$/m, "  async #start() {"],
  "blocks in classes, 16.4": [/^\s*static \{/m, "  static {"],
  "await outside of functions, 15": [
    /^(?:(?:export )?(?:const|let) .*= )?await /m,
    'const here = await import("./x.js");',
  ],
  "looking behind in a pattern, 16.4": [/\(\?<[=!]/, "/(?<!a)b/"],
  "patterns of sets, 17": [/\/[dgimsuy]*v[dgimsuy]*[,;.)]/, "/\\p{L}/gv;"],
  "whether an object has a private field, 15": [/#\w+ in /, "#root in card"],
  "JSON modules, 17.2": [/\bwith \{ type:/, 'import a from "./a.json" with { type: "json" };'],
  "made style sheets, 16.4": [/CSSStyleSheet|adoptedStyleSheets/, "new CSSStyleSheet()"],
  "copies of structures, 15.4": [/structuredClone/, "structuredClone(row)"],
  "random ids, 15.4": [/randomUUID/, "crypto.randomUUID()"],
  "dialogs where there are none, 15.4": [/\.showModal\(/, "dialog.showModal()"],
  "popovers, 17": [/popover/, 'popover="auto"'],
  "inert parts, 15.5": [/\.inert\b/, "card.inert = true"],
  "timeouts of signals, 16": [/AbortSignal\./, "AbortSignal.timeout(1)"],
  "time for idle work, none": [/requestIdleCallback/, "requestIdleCallback(work)"],
  "parents by their children, 15.4": [/:has\(/, "li:has(b) { }"],
  "lists of selectors, 14, but Chromium 88": [/:(?:is|where)\(/, ".stale :is(.strip, .grid) { }"],
  "heights of what is visible, 15.4": [/\d[dsl]v[hwbi]\b/, "height: 100dvh;"],
  "proportions, 15": [/aspect-ratio/, "aspect-ratio: 1;"],
  "rules in rules, 16.5": [/^\s*& /m, "  & li { }"],
  "layers, 15.4": [/@layer/, "@layer base;"],
  "scopes, 17.4": [/@scope/, "@scope (.desk) { }"],
  "grids in grids, 16": [/subgrid/, "grid-template-rows: subgrid;"],
  "colors by lightness, 15.4": [/\b(?:ok)?l(?:ab|ch)\(/, "color: oklch(50% 0 0);"],
  "colors by theme, 17.5": [/light-dark\(/, "color: light-dark(#000, #fff);"],
  "single transforms, 14.1, but Chromium 104": [/^\s*(?:scale|rotate|translate):/m, "  rotate: 90deg;"],
};

/** @type {(text: string) => string} */
const withoutComments = (text) => text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");

const modules = readdirSync(WWW, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, text: withoutComments(readFileSync(new URL(name, WWW), "utf8")) }));

test("a browser that cannot make style sheets has the card and the dashboard", async () => {
  await import("../../custom_components/dls_pbx/front_desk/www/main.js");
  assert.deepEqual(
    [...elements.keys()],
    [
      "dls-pbx-front-desk",
      "dls-pbx-messages",
      "dls-pbx-call-log",
      "dls-pbx-trends",
      "dls-pbx-lists",
      "ll-strategy-dashboard-dls-pbx",
    ],
  );
});

for (const [what, [pattern, sample]] of Object.entries(TOO_NEW))
  test(`no module needs ${what}`, () => {
    assert.match(sample, pattern);
    assert.deepEqual(
      modules.filter(({ text }) => pattern.test(text)).map(({ name }) => name),
      [],
    );
  });

test("a browser that cannot mix colors has the plain ones", async () => {
  const { CSS } = await import("../../custom_components/dls_pbx/front_desk/www/front_desk/style.js");
  const plain = CSS.replace(/@supports \(color: color-mix\([^]*?\} \}/, "");
  // A background is nothing, then; but what an unknown color is named for would be nothing wherever it is used.
  const mixed = [...plain.matchAll(/([\w-]+): color-mix/g)].map(([, name]) => name);
  assert.deepEqual(new Set(mixed), new Set(["background"]));
  const named = [...CSS.matchAll(/(--\w+):/g)].map(([, name]) => name);
  const always = new Set([...plain.matchAll(/(--\w+):/g)].map(([, name]) => name));
  assert.deepEqual(
    named.filter((name) => !always.has(name)),
    ["--ink"],
  );
});

test("a browser that cannot measure the card goes by the page", async () => {
  const { CSS } = await import("../../custom_components/dls_pbx/front_desk/www/front_desk/style.js");
  assert.match(CSS, /font-size: clamp\(14px, 9px \+ \.5vw, 34px\); font-size: [^;]*cqi/);
  const [byPage, byCard] = ["@media", "@container"].map((kind) => CSS.split(`${kind} (max-width: 640px) {`)[1]);
  const until = (/** @type {string} */ text) => text.slice(0, text.indexOf("\n}"));
  assert.equal(until(byPage), until(byCard));
  assert.match(until(byPage), /\.strip \{/);
});
