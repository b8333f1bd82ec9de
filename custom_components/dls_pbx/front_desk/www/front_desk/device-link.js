/** Link to a device's page, for those who may open it. */

/** @import { Context } from "./section.js" */

import { element, setAttribute, setText } from "../ui/dom.js";

/**
 * A name that leads to its device; for who is no administrator it is a name only, since Home Assistant would not show them
 * the page.
 * @type {(context: Pick<Context, "hass">, tag?: "b"|"span") => {root: HTMLElement, show: (name: string, deviceId: string|null) => void}}
 */
export function deviceLink({ hass }, tag = "span") {
  const link = element("a");
  const root = element(tag, {}, link);
  /** @type {(name: string, deviceId: string|null) => void} */
  function show(name, deviceId) {
    setText(link, name);
    if (deviceId && hass().user?.is_admin) setAttribute(link, "href", `/config/devices/device/${deviceId}`);
    else link.removeAttribute("href");
  }
  return { root, show };
}
