/** Style of the lists' card. */

import { narrow } from "../ui/style.js";

export const CSS = `
.lists { display: grid; gap: 1em; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start; }
.lists > div, .consent, form { display: grid; gap: .7em; min-inline-size: 0; align-content: start; }
.box form .row { align-items: end; }
.box { display: grid; gap: .7em; padding: .9em; border: 1px solid var(--edge); border-radius: var(--round); min-inline-size: 0; }
.consent li { padding-block: .4em; border-block-start: 1px solid var(--edge); min-block-size: 3em; }
.state { display: inline-flex; gap: .4em; align-items: center; }
[data-lists=in] [data-listed=true] { --hue: var(--good); }
[data-lists=out] [data-listed=true] { --hue: var(--bad); font-weight: 500; }
.question { flex-basis: 100%; display: grid; gap: .5em; padding: .7em .9em; border: 2px solid var(--amber); border-radius: var(--round); }
.fields { display: grid; gap: .6em; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11em), 1fr)); }
.fields input { inline-size: 100%; }
form [role=status]:empty, form [role=alert]:empty, .question [role=alert]:empty { display: none; }
${narrow(`.lists { grid-template-columns: minmax(0, 1fr); }`)}
`;
