/**
 * Style of the card: Home Assistant's own colors and type, in any theme; sizes follow the card's width, not the page's. A
 * browser that cannot mix colors or measure the card has the plain ones, and goes by the page.
 */

import { TABS } from "./tabs.js";

/** A card as wide as a phone; a browser that cannot measure the card goes by the page. */
const NARROW = ["@media (max-width: 640px)", "@container (max-width: 640px)"];
const TABBED = Object.keys(TABS);

export const CSS = `
:host { display: block; block-size: 100%; container-type: inline-size; }
[hidden] { display: none !important; }
ha-card { display: block; min-block-size: 100%; overflow: hidden; box-sizing: border-box;
  color: var(--primary-text-color); background: var(--ha-card-background, var(--card-background-color)); }
.desk { --muted: var(--secondary-text-color); --edge: var(--divider-color); --round: var(--ha-card-border-radius, 12px);
  --good: var(--success-color); --amber: var(--warning-color); --talk: var(--info-color); --accent: var(--primary-color);
  font-size: clamp(14px, 9px + .5vw, 34px); font-size: clamp(14px, 9px + .5cqi, 34px); line-height: 1.35; padding: 1em; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1em; }
@supports (color: color-mix(in srgb, red, red)) { .desk { --ink: var(--primary-text-color);
  --muted: color-mix(in srgb, var(--ink) 74%, var(--card-background-color));
  --good: color-mix(in srgb, var(--success-color) 82%, var(--ink));
  --amber: color-mix(in srgb, var(--warning-color) 72%, var(--ink));
  --talk: color-mix(in srgb, var(--info-color) 82%, var(--ink)); } }
h1, h2, p, ul { margin: 0; padding: 0; }
h1 { font-size: 1.5em; font-weight: 400; }
h2 { font-size: 1em; font-weight: 500; color: var(--muted); margin-block-end: .5em; }
ul { list-style: none; }
svg { fill: var(--hue); inline-size: 1.4em; block-size: 1.4em; flex: none; }
small, time, .empty, .count { color: var(--muted); }
small { font-size: .86em; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; margin-inline-start: auto; }
b { font-weight: 500; }
b, small { overflow-wrap: anywhere; display: block; }
.spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.desk, [data-level=unknown], [data-state] { --hue: var(--muted); }
[data-state=on_call], [data-state=connected], [data-state=unanswered], [data-state^=fax] { --hue: var(--talk); }
[data-level=ok], [data-state=available], [data-state=fax_sent] { --hue: var(--good); }
[data-level=amber], [data-state=paused], [data-state=ringing] { --hue: var(--amber); }
[data-level=red], [data-state=fax_failed] { --hue: var(--error-color); }
.band { white-space: pre-line; padding: .6em 1em; border-radius: var(--round); font-weight: 500;
  border: 2px solid var(--warning-color); background: color-mix(in srgb, var(--warning-color) 18%, transparent); }
.strip { display: grid; gap: .75em; grid-template-columns: repeat(5, 1fr); }
.strip li { display: grid; align-content: start; padding: .6em .9em; border-radius: var(--round); border: 1px solid var(--edge); border-block-end: 4px solid var(--hue); }
.strip span { color: var(--muted); }
.strip .value { display: flex; align-items: center; gap: .3em; color: inherit; }
.strip strong { font-size: 2.5em; font-weight: 400; line-height: 1.2; font-variant-numeric: tabular-nums; }
[data-level=amber], [data-level=red] { background: color-mix(in srgb, var(--hue) 16%, transparent); }
.count[data-level], td[data-level] { background: none; }
.grid, .column { display: flex; flex-wrap: wrap; gap: 1em; align-content: flex-start; }
.column, .column > * { flex: 1 1 min(100%, 22em); min-inline-size: 0; }
section[data-section] { display: flex; flex-direction: column; min-inline-size: 0; box-sizing: border-box; padding: .9em;
  border: 1px solid var(--edge); border-radius: var(--round); }
[data-section=queues], [data-section=figures] { flex: 1 1 100%; }
section ul[aria-label] { overflow-y: auto; max-block-size: max(22em, 36vh); scrollbar-width: thin; }
[data-section] li { display: flex; align-items: center; gap: .7em; padding: .5em .6em; box-sizing: border-box; min-block-size: 3.2em;
  border-inline-start: 4px solid var(--hue); border-start-start-radius: 3px; border-end-start-radius: 3px; }
[data-section] li + li { margin-block-start: .35em; }
[data-section] li > div { min-inline-size: 0; }
[data-section=waiting] time { font-size: 1.5em; color: inherit; }
[data-section=people] ul { display: grid; gap: .35em; align-content: start; grid-auto-rows: max-content;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 12.5em), 1fr)); }
[data-section=people] li + li { margin: 0; }
[data-section=people] li { background: color-mix(in srgb, var(--hue) 8%, transparent); }
[data-person], [data-call], [data-conversation], [data-fax] { contain: content; }
[data-conversation] small { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
[data-state=unanswered] b { font-weight: 700; }
[data-callback] { --hue: var(--edge); flex-wrap: wrap; }
[data-callback] > div:first-child { flex: 1 1 9em; }
[data-callback] form, .note { flex: 1 0 100%; }
.note { overflow-wrap: anywhere; padding-inline-start: .6em; border-inline-start: 2px solid var(--edge); }
.line, .filters, .done, .actions { display: flex; gap: .5em; align-items: center; flex-wrap: wrap; }
.line input { flex: 1 1 8em; inline-size: auto; }
.filters, .done { margin-block-end: .6em; }
.filters small, .tabs small { margin-inline-start: .4em; }
[aria-pressed=true] { border-color: var(--accent); font-weight: 500; }
a { color: inherit; }
button.caller { display: inline; padding: 0; min-block-size: 0; border: 0; text-align: start; font: inherit;
  text-decoration: underline dotted; text-underline-offset: .2em; }
button.caller:disabled { text-decoration: none; cursor: auto; }
table { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .45em .5em; text-align: end; border-block-end: 1px solid var(--edge); }
th:first-child { text-align: start; font-weight: 500; }
th:first-child > span { display: flex; align-items: center; gap: .5em; }
thead th { color: var(--muted); font-weight: 400; }
tbody tr:last-child > *, tfoot tr > * { border-block-end: 0; }
tfoot tr > * { border-block-start: 2px solid var(--edge); font-weight: 500; }
td[data-level=amber], td[data-level=red] { font-weight: 700; box-shadow: inset 0 -3px var(--hue); }
tr[data-level=ok] { --hue: var(--good); }
.tabs { display: none; }
.actions { justify-content: end; }
.actions .count { margin-inline-end: auto; }
form { display: grid; gap: .6em; }
input, textarea, button, .button { font: inherit; color: inherit; box-sizing: border-box; border-radius: 8px; }
input, textarea { inline-size: 100%; padding: .55em .7em; background: transparent; border: 1px solid var(--muted); resize: vertical; }
input[type=search] { margin-block-end: .6em; }
::placeholder { color: var(--muted); opacity: 1; }
button, .button { padding: .4em .9em; min-block-size: 2.4em; display: inline-flex; align-items: center; cursor: pointer; text-decoration: none;
  border: 1px solid var(--muted); background: transparent; }
.main { font-weight: 500; border: 2px solid var(--accent); }
button:hover, .button:hover, [aria-pressed=true] { background: color-mix(in srgb, var(--accent) 16%, transparent); }
[aria-disabled=true] { cursor: progress; border-style: dashed; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
[role=alert]:not(:empty) { --hue: var(--error-color); padding: .5em .7em; border-inline-start: 4px solid var(--hue);
  background: color-mix(in srgb, var(--hue) 14%, transparent); }
.stale .strip, .stale .grid { filter: grayscale(1); opacity: .55; }
@media (prefers-reduced-motion: no-preference) { [data-section] li, .strip li { transition: background-color .3s; } }
${NARROW.map(
  (condition) => `${condition} {
  .strip { grid-template-columns: 1fr 1fr; }
  .strip [data-figure=callbacks] { display: none; }
  .tabs { display: flex; gap: .4em; position: sticky; inset-block-start: 0; z-index: 1; padding-block: .3em;
    background: var(--ha-card-background, var(--card-background-color)); }
  .column { display: contents; }
  button, .button { padding: .4em .6em; }
  .tabs button { flex: 1 1 auto; justify-content: center; padding: .4em .3em; }
  .desk[data-tab] [data-section] { display: none; }
  ${TABBED.map((tab) => `.desk[data-tab=${tab}] [data-in=${tab}]`).join(", ")} { display: flex; }
  .desk[data-tab]:not([data-tab=now]) .glance { display: none; }
  section ul[aria-label] { max-block-size: none; overflow: visible; }
  [data-column=busy], [data-column=paused], [data-column=abandoned], [data-column=pause] { display: none; }
}`,
).join("\n")}
@container (max-width: 420px) { .desk { padding: .75em; gap: .75em; } .strip strong { font-size: 2em; } .strip li { padding: .5em .6em; } th, td { padding-inline: .25em; } }
`;
