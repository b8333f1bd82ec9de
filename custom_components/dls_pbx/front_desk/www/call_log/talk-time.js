/** How long somebody talked: who waits in a queue is in a call, too, as the PBX counts. */

/** @import { LoggedCall } from "../data/records-types.js" */

/** In seconds; null where nobody did. @type {(call: Pick<LoggedCall, "outcome"|"wait"|"duration">) => number|null} */
export const talkTime = ({ outcome, wait, duration }) =>
  outcome === "answered" ? Math.max(0, duration - (wait ?? 0)) : null;
