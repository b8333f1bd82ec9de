/** A dialog over the page: the browser's own, which keeps the focus in it, closes by Escape, and gives the focus back. */

import { element } from "../ui/dom.js";

/** What Home Assistant and the browser say when another page is shown. */
const LEAVING = ["location-changed", "popstate"];

/**
 * @param {string} css
 * @param {string} label
 * @param {HTMLElement} content
 * @param {() => void} onClose
 */
export function openDialog(css, label, content, onClose) {
  const host = element("div");
  const dialog = element("dialog", { "aria-label": label, "aria-modal": "true" }, content);
  const opener = /** @type {HTMLElement|null} */ (deepActiveElement());
  host.attachShadow({ mode: "open" }).append(element("style", {}, css), dialog);
  document.body.append(host);

  function close() {
    if (!host.isConnected) return;
    host.remove();
    for (const name of LEAVING) window.removeEventListener(name, close);
    onClose();
    opener?.focus();
  }
  // Home Assistant's own keys are not for what is typed here.
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" && !dialog.showModal) close();
  });
  dialog.addEventListener("close", close);
  // Beside it is the backdrop, which is part of it.
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  // Whoever goes back, or elsewhere, leaves it, too.
  for (const name of LEAVING) window.addEventListener(name, close);
  // A browser of before 2022 has none: it shows the same over the page.
  if (dialog.showModal) dialog.showModal?.();
  else {
    dialog.setAttribute("open", "");
    dialog.tabIndex = -1;
    dialog.focus();
  }
  return { dialog, close };
}

/** What has the focus, also within other elements. @returns {Element|null} */
function deepActiveElement() {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}
