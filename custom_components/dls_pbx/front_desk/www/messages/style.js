/** Style of the messages' card: the list beside the conversation, or on a phone one of them. */

import { narrow } from "../ui/style.js";
import { BUBBLES } from "./message-row.js";

export const CSS = `
.messages { display: grid; gap: 1em; grid-template-columns: minmax(16em, 1fr) 2fr; block-size: max(26em, calc(100vh - 56px - 5.5em)); min-block-size: 0; }
.side, .thread, .open { display: flex; flex-direction: column; gap: .6em; min-block-size: 0; min-inline-size: 0; }
.scroll { flex: 1; overflow-y: auto; min-block-size: 0; scrollbar-width: thin; padding: 4px; margin: -4px; }
.open { flex: 1; }
.thread { border-inline-start: 1px solid var(--edge); padding-inline-start: 1em; }
.head { display: flex; gap: .6em; align-items: center; flex-wrap: wrap; }
.head > div { flex: 1; min-inline-size: 0; }
.head small { display: block; }
.back { display: none; padding: 0; inline-size: 3em; }
.back svg { transform: scaleX(var(--scale-direction, 1)); }
.pill { --hue: var(--bad); }
.conversation { display: grid; grid-template-columns: auto 1fr auto; gap: .1em .5em; inline-size: 100%; padding: .6em .7em; text-align: start; border: 1px solid transparent; border-block-end-color: var(--edge); border-radius: 0; }
.conversation .name { font-weight: 500; overflow-wrap: anywhere; grid-column: 1 / 3; }
.conversation .last { grid-column: 1 / -1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--muted); }
.conversation .foot { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .2em .6em; align-items: center; }
.conversation[aria-current=true] { background: var(--tint); border-color: var(--accent); border-radius: 8px; }
[data-unanswered=true] .last { color: inherit; font-weight: 500; }
.empty { color: var(--muted); }
.thread > .empty { margin: auto; }
.bubbles { flex: 1; }
${BUBBLES}
${narrow(`
  .messages { grid-template-columns: minmax(0, 1fr); block-size: auto; }
  .thread { border: none; padding: 0; block-size: max(24em, calc(100vh - 56px - 5.5em)); }
  .side .scroll { overflow: visible; }
  [data-pane=list] > .thread, [data-pane=thread] > .side { display: none; }
  .back { display: inline-flex; }
`)}
`;
