/** What could not be read, in people's words, and the band that shows it with a button to try again. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { HassError } from "./home-assistant-types.js" */

import { element, setText } from "./dom.js";
import { errorText, isLost } from "./errors.js";

/** Milliseconds until it is tried again by itself. */
const DELAY = 30_000;

/** @type {(error: unknown) => string|undefined} */
const codeOf = (error) => /** @type {HassError} */ (error ?? {}).code;

/** @type {(error: unknown) => boolean} */
export const isUnauthorized = (error) => codeOf(error) === "unauthorized";

/** Why something could not be read. @type {(t: Translate, error: unknown) => string} */
export function readErrorText(t, error) {
  if (isUnauthorized(error)) return t("error_no_access");
  if (["not_found", "unknown_command"].includes(codeOf(error) ?? "")) return t("error_not_found");
  return isLost(error) ? t("error_connection") : errorText(t, error);
}

/**
 * A band for what went wrong; it tries again by itself, too. An error of undefined: nothing is wrong.
 * @type {(t: Translate, retry: () => void) => {root: HTMLElement, show: (error: unknown) => void, stop: () => void}}
 */
export function errorBand(t, retry) {
  const words = element("span");
  const button = element("button", { type: "button", "data-do": "retry" }, t("do_retry"));
  const root = element("div", { class: "band", role: "alert", "data-band": "" }, words, button);
  /** @type {ReturnType<typeof setTimeout>|undefined} */ let timer;
  const stop = () => clearTimeout(timer);
  /** @param {unknown} error */
  function show(error) {
    stop();
    root.hidden = error === undefined;
    if (root.hidden) return setText(words, "");
    setText(words, readErrorText(t, error));
    button.hidden = isUnauthorized(error);
    if (!button.hidden) timer = setTimeout(retry, DELAY);
  }
  button.addEventListener("click", retry);
  root.hidden = true;
  return { root, show, stop };
}
