/** Head of a card on a wall: its title, a clock, and the chime, which a browser allows only after somebody has touched it. */

/** @import { Context } from "./section.js" */

import { element, setText } from "../ui/dom.js";
import { timeOfDay } from "../ui/time.js";

/** The wall, as large as it is. */
const CSS = `
.wall-head { display: flex; align-items: center; gap: 1em; }
.clock { font-size: 1.5em; color: inherit; }
.wall { font-size: min(calc(10px + .65vw), 1.6vh); min-block-size: calc(100vh - var(--header-height, 56px)); box-sizing: border-box; align-content: start; grid-template-rows: auto auto auto 1fr; }
.wall .strip { display: flex; justify-content: space-between; }
.wall .strip li { flex: 1 1 auto; }
.wall .strip span { font-size: 1.2em; white-space: nowrap; }
.wall .strip strong { font-size: 7vw; font-size: 7cqi; line-height: 1; }
.wall .strip [data-figure=longest_wait] strong { font-size: 8.5vw; font-size: 8.5cqi; }
.wall table, .wall [data-section=waiting] li { font-size: 1.15em; }
.wall th, .wall td { padding-block: .3em; }
.wall .column:last-child { flex-grow: 2; }
.wall section ul[aria-label] { max-block-size: none; overflow: hidden; }
`;

/** Two tones, each in hertz and seconds from the beginning. */
const TONES = [
  [880, 0],
  [660, 0.25],
];
const LENGTH = 0.6;
const VOLUME = 0.25;

/** @type {(context: Context) => {root: HTMLElement, tick: (now: number) => void, warn: (isUrgent: boolean) => void}} */
export function wallHead({ settings, t, hass, now }) {
  const title = element("h1", {}, settings.title ?? "");
  const time = element("time", { class: "clock" });
  const allow = element("button", { type: "button", "data-do": "chime" }, t("do_chime"));
  const root = element("header", { class: "wall-head" }, element("style", {}, CSS), title, allow, time);
  /** @type {AudioContext|undefined} */ let sound;
  let wasUrgent = false;

  allow.hidden = !settings.chime;
  allow.addEventListener("click", () => {
    sound = new AudioContext();
    allow.hidden = true;
    chime(sound);
  });

  /** @param {number} moment */
  function tick(moment) {
    setText(time, timeOfDay(moment, moment, hass()));
  }
  /** Heard once for each time that it becomes urgent. @param {boolean} isUrgent */
  function warn(isUrgent) {
    if (isUrgent && !wasUrgent && sound) chime(sound);
    wasUrgent = isUrgent;
  }
  tick(now());
  return { root, tick, warn };
}

/** @param {AudioContext} sound */
function chime(sound) {
  for (const [frequency, after] of TONES) {
    const begin = sound.currentTime + after;
    const tone = new OscillatorNode(sound, { frequency });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(VOLUME, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + LENGTH);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + LENGTH);
  }
}
