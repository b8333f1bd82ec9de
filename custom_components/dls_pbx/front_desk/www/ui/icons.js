/** Icons: what colors tell is told by a shape, too. */

import { setAttribute } from "./dom.js";

/** On a grid of 24. */
const SHAPES = {
  ok: "M12 2a10 10 0 100 20 10 10 0 000-20zm-2 15-5-5 1.4-1.4 3.6 3.6L17.6 6.6 19 8z",
  amber: "M1 21h22L12 2zm12-3h-2v-2h2zm0-4h-2v-4h2z",
  red: "M8.3 3 3 8.3v7.4L8.3 21h7.4l5.3-5.3V8.3L15.7 3zM13 17h-2v-2h2zm0-4h-2V7h2z",
  unknown: "M12 2a10 10 0 100 20 10 10 0 000-20zm5 11H7v-2h10z",
  off: "M12 2a10 10 0 100 20 10 10 0 000-20zM4 12a8 8 0 011.7-4.9l11.2 11.2A8 8 0 014 12zm14.3 4.9L7.1 5.7a8 8 0 0111.2 11.2z",
  bell: "M12 22a2 2 0 002-2h-4a2 2 0 002 2zm6-6v-5c0-3-1.6-5.6-4.5-6.3V4a1.5 1.5 0 00-3 0v.7C7.6 5.4 6 8 6 11v5l-2 2v1h16v-1z",
  phone:
    "M6.6 10.8c1.4 2.8 3.8 5.1 6.6 6.6l2.2-2.2c.3-.3.7-.4 1-.2a11 11 0 003.6.6 1 1 0 011 1V20a1 1 0 01-1 1C10.6 21 3 13.4 3 4a1 1 0 011-1h3.5a1 1 0 011 1c0 1.3.2 2.5.6 3.6.1.3 0 .7-.2 1z",
  pause: "M12 2a10 10 0 100 20 10 10 0 000-20zm-1 14H9V8h2zm4 0h-2V8h2z",
  inbound: "M20 5.4 18.6 4 7 15.6V9H5v10h10v-2H8.4z",
  outbound: "M9 5v2h6.6L4 18.6 5.4 20 17 8.4V15h2V5z",
  star: "m12 17.3 6.2 3.7-1.7-7L22 9.2l-7.2-.6L12 2 9.2 8.6 2 9.2 7.5 14l-1.7 7z",
  back: "M20 11H7.8l5.6-5.6L12 4l-8 8 8 8 1.4-1.4L7.8 13H20z",
  internal: "M7 11 3 15l4 4v-3h8v-2H7zm14-2-4-4v3H9v2h8v3z",
};

/** @type {Record<string, keyof typeof SHAPES>} */
const SHAPE_OF = {
  ringing: "bell",
  on_call: "phone",
  available: "ok",
  paused: "pause",
  unreachable: "off",
  queued: "pause",
  processing: "phone",
  sent: "ok",
  received: "inbound",
  failed: "red",
};

const SVG = "http://www.w3.org/2000/svg";

/** @returns {SVGElement} one without a meaning of its own: words beside it say the same */
export function icon() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  setIcon(svg, "unknown");
  return svg;
}

/** @type {(svg: SVGElement, name: string) => void} `name`: a level, a direction or a state */
export function setIcon(svg, name) {
  const shape = SHAPES[/** @type {keyof typeof SHAPES} */ (name)] ?? SHAPES[SHAPE_OF[name] ?? "unknown"];
  setAttribute(/** @type {Element} */ (svg.firstChild), "d", shape);
}
