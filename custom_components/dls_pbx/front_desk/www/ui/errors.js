/** Errors in people's words, and the band that shows one with a button to try again. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { HassError } from "./home-assistant-types.js" */

import { element, setText } from "./dom.js";

/** What Home Assistant's connection says of a question that was under way when it broke. */
const CONNECTION_LOST = 3;
/** Milliseconds until it is tried again by itself. */
const DELAY = 30_000;

/** Whether nobody knows what became of a question. @type {(error: unknown) => boolean} */
export const isLost = (error) =>
  error === CONNECTION_LOST || Number(/** @type {HassError} */ (error ?? {}).code) === CONNECTION_LOST;

/** @type {(error: unknown) => boolean} */
export const isUnauthorized = (error) => /** @type {HassError} */ (error ?? {}).code === "unauthorized";

/** @type {(t: Translate, error: unknown) => string} */
export function errorText(t, error) {
  const { code, message } = /** @type {HassError} */ (error ?? {});
  if (isUnauthorized(error)) return t("error_unauthorized");
  if (code === "not_found" || code === "unknown_command") return t("error_not_found");
  // Home Assistant puts words of its own before ours.
  return isLost(error) || !message ? t("error_connection") : message.replace(/^Validation error: /, "");
}

/** A band for what went wrong; it tries again by itself, too. @type {(t: Translate, retry: () => void) => {root: HTMLElement, show: (error: unknown) => void, stop: () => void}} */
export function errorBand(t, retry) {
  const words = element("span");
  const button = element("button", { type: "button", "data-do": "retry" }, t("do_retry"));
  const root = element("div", { class: "band", role: "alert", "data-band": "" }, words, button);
  /** @type {ReturnType<typeof setTimeout>|undefined} */ let timer;
  const stop = () => clearTimeout(timer);
  /** @param {unknown} error undefined: nothing is wrong */
  function show(error) {
    stop();
    root.hidden = error === undefined;
    if (root.hidden) return setText(words, "");
    setText(words, errorText(t, error));
    button.hidden = isUnauthorized(error);
    if (!button.hidden) timer = setTimeout(retry, DELAY);
  }
  button.addEventListener("click", retry);
  root.hidden = true;
  return { root, show, stop };
}
