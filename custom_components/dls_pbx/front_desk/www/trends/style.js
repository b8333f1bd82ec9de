/** Style of the trends' card. */

import { narrow } from "../ui/style.js";

export const CSS = `
.trends { display: grid; gap: 1em; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24em), 1fr)); align-items: start; }
.box { display: grid; gap: .7em; padding: .9em; border: 1px solid var(--edge); border-radius: var(--round); min-inline-size: 0; }
table { border-collapse: collapse; inline-size: 100%; font-variant-numeric: tabular-nums; }
th { font-weight: 400; color: var(--muted); text-align: start; white-space: nowrap; }
th, td { padding: .35em .5em; }
td { text-align: end; }
thead th { text-align: end; }
tbody tr + tr > * { border-block-start: 1px solid var(--edge); }
.heat th, .heat td { padding: .25em; text-align: center; border: 0; }
.heat td { background: color-mix(in srgb, var(--accent) var(--heat), transparent); border-radius: 3px; }
.bars li { display: grid; grid-template-columns: 7.5em 1fr 4em; gap: .6em; align-items: center; padding-block: .15em; }
.bars strong { text-align: end; font-variant-numeric: tabular-nums; }
.bar { position: relative; block-size: .9em; border-radius: 3px; background: var(--edge); overflow: hidden; }
.bar::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: var(--share); background: var(--hue); }
.bar::after { content: ""; position: absolute; inset-block: 0; inset-inline-start: var(--goal, 100%); inline-size: 2px; background: var(--ink); }
[data-level=plain] { --hue: var(--accent); }
[data-level=ok] { --hue: var(--good); }
[data-level=amber] { --hue: var(--amber); }
${narrow(`th, td { padding-inline: .2em; } th { white-space: normal; } .heat th { white-space: nowrap; } .heat th, .heat td { padding: .2em .05em; font-size: .9em; } .bars li { grid-template-columns: 6.5em 1fr 3.6em; }`)}
`;
