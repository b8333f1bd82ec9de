/**
 * Style of the cards for messages, calls and lists, and of the caller panel: Home Assistant's own colors and type, in any
 * theme; sizes follow the card's width. A browser that cannot mix colors or measure the card has the plain ones, and goes
 * by the page.
 */

/** Rules for a card that is no wider than a phone. @type {(rules: string) => string} */
export const narrow = (rules) => `
@media (max-width: 640px) { ${rules} }
@container (max-width: 640px) { ${rules} }
`;

export const BASE = `
:host { display: block; block-size: 100%; container-type: inline-size; }
[hidden] { display: none !important; }
ha-card { display: block; min-block-size: 100%; box-sizing: border-box;
  color: var(--primary-text-color, #141414); background: var(--ha-card-background, var(--card-background-color, #fff)); }
.panel { --ink: var(--primary-text-color, #141414); --muted: var(--secondary-text-color, #5e5e5e); --edge: var(--divider-color, #ddd);
  --round: var(--ha-card-border-radius, 12px); --accent: var(--primary-color, #009ac7); --good: var(--success-color, #43a047);
  --amber: var(--warning-color, #ffa600); --bad: var(--error-color, #db4437); --hue: var(--muted); --tint: transparent;
  font-size: clamp(14px, 9px + .5vw, 34px); font-size: clamp(14px, 9px + .5cqi, 34px); line-height: 1.35; padding: 1em; display: grid; gap: .8em; }
@supports (color: color-mix(in srgb, red, red)) { .panel {
  --muted: color-mix(in srgb, var(--ink) 74%, var(--card-background-color, #fff));
  --good: color-mix(in srgb, var(--success-color, #43a047) 70%, var(--ink));
  --amber: color-mix(in srgb, var(--warning-color, #ffa600) 62%, var(--ink));
  --bad: color-mix(in srgb, var(--error-color, #db4437) 74%, var(--ink));
  --tint: color-mix(in srgb, var(--accent) 14%, transparent); } }
.panel-parts { display: grid; gap: .8em; min-inline-size: 0; }
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
h1 { font-size: 1.5em; font-weight: 400; }
h2 { font-size: 1.15em; font-weight: 500; }
h3 { font-size: 1em; font-weight: 500; color: var(--muted); }
ul { list-style: none; }
svg { fill: var(--hue); inline-size: 1.3em; block-size: 1.3em; flex: none; vertical-align: -.25em; }
small, time, .muted { color: var(--muted); }
small { font-size: .86em; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
b, strong { font-weight: 500; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.star { --hue: var(--amber); }
.band { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; justify-content: space-between; padding: .5em .9em;
  border-radius: var(--round); font-weight: 500; border: 2px solid var(--warning-color, #ffa600); }
.row { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; }
.row > .grow { flex: 1 1 12em; min-inline-size: 0; }
.pill { padding: .1em .6em; border-radius: 1em; font-size: .86em; font-weight: 500; border: 1px solid var(--hue); white-space: nowrap; }
input, select, textarea, button, .button { font: inherit; color: inherit; box-sizing: border-box; border-radius: 8px; min-block-size: 2.6em; min-block-size: max(2.6em, 40px); }
input, select, textarea { padding: .4em .7em; background: transparent; border: 1px solid var(--muted); min-inline-size: 0; max-inline-size: 100%; }
textarea { inline-size: 100%; resize: vertical; display: block; }
option { color: var(--primary-text-color, #141414); background: var(--card-background-color, #fff); }
input[type=search] { inline-size: 100%; }
::placeholder { color: var(--muted); opacity: 1; }
label { display: grid; gap: .2em; font-size: .86em; color: var(--muted); min-inline-size: 0; }
label > * { font-size: 1.16em; color: var(--ink); }
button, .button { padding: .3em .9em; display: inline-flex; align-items: center; justify-content: center; gap: .4em; cursor: pointer; text-decoration: none;
  border: 1px solid var(--muted); background: transparent; }
.main { font-weight: 500; border: 2px solid var(--accent); }
button:hover, .button:hover, button[aria-pressed=true] { background: var(--tint); }
button[aria-pressed=true] { border: 2px solid var(--accent); font-weight: 500; }
[aria-disabled=true] { cursor: progress; border-style: dashed; }
button.caller { display: inline; padding: 0; border: none; border-radius: 3px; font-weight: 500; text-align: start; min-inline-size: 40px; overflow-wrap: anywhere;
  text-decoration: underline dotted; text-underline-offset: .2em; }
button.caller:disabled { text-decoration: none; cursor: default; }
.more { justify-self: center; margin: .5em auto; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
[role=alert]:not(:empty):not(.band) { padding: .5em .7em; border-inline-start: 4px solid var(--bad); overflow-wrap: anywhere; }
[aria-busy=true] { cursor: progress; }
`;
