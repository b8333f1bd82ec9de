/** Style of the call log: a table, and on a phone two lines for each call. */

import { narrow } from "../ui/style.js";

export const CSS = `
.filters { display: grid; gap: .6em; grid-template-columns: minmax(0, 1fr) auto; }
.filters details { grid-column: 1 / -1; }
summary { cursor: pointer; min-block-size: 40px; line-height: 40px; color: var(--muted); font-weight: 500; }
.fields { display: grid; gap: .6em; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9em), 1fr)); }
.fields input, .fields select { inline-size: 100%; }
.tools > .told { flex: 1; }
.place[aria-busy=true] table { opacity: .6; }
table { inline-size: 100%; border-collapse: collapse; }
th { font-size: .86em; font-weight: 500; color: var(--muted); text-align: start; padding: .4em .6em; }
td { padding: .45em .6em; vertical-align: middle; overflow-wrap: anywhere; }
tr { border-block-start: 1px solid var(--edge); }
tbody tr:hover { background: var(--tint); }
td.time, td.wait, td.talk { white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.own_number { white-space: nowrap; }
td.who { min-inline-size: 10em; }
.whom { display: flex; gap: .5em; align-items: center; }
.names { min-inline-size: 0; }
td.who small { display: block; }
td.outcome { white-space: nowrap; }
td.outcome svg { margin-inline-end: .35em; }
[data-level=ok] { --hue: var(--good); }
[data-level=amber] { --hue: var(--amber); }
[data-level=red] { --hue: var(--bad); }
td a { color: inherit; display: inline-flex; align-items: center; min-block-size: 40px; }
td button.caller { min-block-size: 1.9em; display: inline-flex; }
.end { display: grid; }
${narrow(`
  .filters { grid-template-columns: minmax(0, 1fr); }
  .filters .row { gap: .3em; }
  .filters .row button { flex: 1 0 auto; padding-inline: .45em; }
  thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: 0 .6em; align-items: center; padding-block: .2em; }
  td { padding: 0; color: var(--muted); font-size: .93em; }
  td.blank, td.own_number, [data-outcome=answered] td.wait { display: none; }
  td.who { order: 0; flex: 1 1 60%; color: inherit; font-size: 1em; min-inline-size: 0; }
  .names { display: flex; flex-wrap: wrap; gap: 0 .6em; align-items: center; }
  td button.caller { min-block-size: 40px; }
  td.time { order: 1; }
  tr::after { content: ""; order: 2; flex-basis: 100%; }
  td.outcome { order: 3; color: inherit; margin-inline-start: 1.9em; }
  td.agent { order: 4; }
  td.queue { order: 5; }
  td.wait { order: 6; }
  td.talk { order: 7; }
  td.recording { order: 8; margin-inline-start: auto; margin-block: -.5em; }
  td.wait::before { content: attr(data-label) " "; }
`)}
`;
