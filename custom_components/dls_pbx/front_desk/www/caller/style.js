/** Style of the caller panel: a dialog over the page, and on a phone the whole page. */

import { BUBBLES } from "../messages/message-row.js";

export const CSS = `
dialog { position: fixed; inset: 0; margin: auto; inline-size: min(44em, 94vw); max-block-size: 92vh; overflow-y: auto; padding: 0; box-sizing: border-box;
  border: 1px solid var(--divider-color, #ddd); border-radius: var(--ha-card-border-radius, 12px); z-index: 100;
  color: var(--primary-text-color, #141414); background: var(--ha-card-background, var(--card-background-color, #fff)); }
dialog::backdrop { background: rgba(0, 0, 0, .5); }
dialog:not([open]) { display: none; }
:host { block-size: auto; container-type: normal; }
.panel { font-size: clamp(14px, 9px + .5vw, 30px); }
.head { display: flex; gap: .6em; align-items: start; }
.head > div { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: .4em .6em; }
.facts .pill { display: inline-flex; gap: .3em; align-items: center; white-space: normal; }
.pill[data-bad] { --hue: var(--bad); }
.pill[data-amber] { --hue: var(--amber); }
.pill[data-good] { --hue: var(--good); }
.note { padding: .5em .8em; border-inline-start: 4px solid var(--amber); white-space: pre-wrap; overflow-wrap: anywhere; }
section { display: grid; gap: .4em; border-block-start: 1px solid var(--edge); padding-block-start: .6em; }
.calls li { display: flex; flex-wrap: wrap; gap: 0 .7em; padding-block: .25em; align-items: center; }
.calls time { min-inline-size: 6.5em; }
.calls .talk { margin-inline-start: auto; }
.bubbles { max-block-size: 40vh; overflow-y: auto; }
[data-form] { display: grid; gap: .5em; }
${BUBBLES}
@media (max-width: 640px) { dialog { inline-size: 100vw; max-inline-size: 100vw; max-block-size: 100vh; block-size: 100vh; border: none; border-radius: 0; } }
`;
