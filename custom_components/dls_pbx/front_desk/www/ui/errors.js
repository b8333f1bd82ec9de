/** Errors as people read them. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { HassError } from "./home-assistant-types.js" */

/** What Home Assistant's connection says of a question that was under way when it broke. */
const CONNECTION_LOST = 3;

/** Whether nobody knows what came of a question. @type {(error: unknown) => boolean} */
export function isLost(error) {
  const code = error === CONNECTION_LOST ? error : /** @type {HassError} */ (error ?? {}).code;
  return Number(code) === CONNECTION_LOST;
}

/** What was wrong, in the words of who refused it. @type {(t: Translate, error: unknown) => string} */
export function errorText(t, error) {
  const { code, message } = /** @type {HassError} */ (error ?? {});
  if (isLost(error)) return t("error_lost");
  if (code === "unauthorized") return t("error_unauthorized");
  // Home Assistant puts words of its own before ours.
  return message?.replace(/^Validation error: /, "") || t("error_unknown");
}
