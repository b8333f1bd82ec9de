/** Style of the call log: a table, and on a phone two lines for each call. */

import { narrow } from "../ui/style.js";

export const CSS = `
.filters { display: grid; gap: .6em; }
summary { cursor: pointer; min-block-size: 40px; line-height: 40px; color: var(--muted); font-weight: 500; }
.fields { display: grid; gap: .6em; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9em), 1fr)); }
.fields input, .fields select { inline-size: 100%; }
.tools { justify-content: space-between; }
.place[aria-busy=true] table { opacity: .6; }
table { inline-size: 100%; border-collapse: collapse; }
th { font-size: .86em; font-weight: 500; color: var(--muted); text-align: start; padding: .4em .6em; }
td { padding: .45em .6em; vertical-align: middle; overflow-wrap: anywhere; }
tr { border-block-start: 1px solid var(--edge); }
tbody tr:hover { background: var(--tint); }
td.time, td.wait, td.talk { white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.own_number { white-space: nowrap; }
td.who { display: flex; gap: .5em; align-items: center; min-inline-size: 10em; }
td.who > span:not(.spoken) { min-inline-size: 0; }
td.who small { display: block; }
td.outcome { white-space: nowrap; }
td.outcome svg { margin-inline-end: .35em; }
[data-level=ok] { --hue: var(--good); }
[data-level=amber] { --hue: var(--amber); }
[data-level=red] { --hue: var(--bad); }
td a { color: inherit; display: inline-flex; align-items: center; min-block-size: 40px; }
td button.caller { min-block-size: 40px; display: inline-flex; }
.end { display: grid; }
${narrow(`
  thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: flex; flex-wrap: wrap; gap: 0 .6em; align-items: center; padding-block: .4em; }
  td { padding: 0; color: var(--muted); font-size: .93em; }
  td.blank, td.own_number { display: none; }
  td.who { order: 0; flex: 1 1 60%; color: inherit; font-size: 1em; min-inline-size: 0; }
  td.time { order: 1; }
  td.outcome { order: 2; color: inherit; margin-inline-start: 1.8em; }
  td.agent { order: 3; }
  td.queue { order: 4; }
  td.wait { order: 5; }
  td.talk { order: 6; }
  td.recording { order: 7; margin-inline-start: auto; }
  td.wait::before, td.talk::before { content: attr(data-label) " "; }
`)}
`;
