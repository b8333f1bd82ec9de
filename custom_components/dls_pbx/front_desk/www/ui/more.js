/** The end of a list that goes on: a button for more, which is pressed by itself when somebody scrolls to it. */

/** @import { Translate } from "../data/model-types.js" */

import { element } from "./dom.js";

/** @type {(t: Translate, load: () => void) => {root: HTMLElement, show: (isThere: boolean, isLoading: boolean, isByHand?: boolean) => void, stop: () => void}} */
export function moreButton(t, load) {
  const root = element("button", { type: "button", class: "more", "data-do": "more" }, t("do_more"));
  root.hidden = true;
  root.addEventListener("click", load);
  /** @type {IntersectionObserver} */
  const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && load());
  /** `isByHand`: a page that brought nothing is followed by another one only if somebody wants it. @type {(isThere: boolean, isLoading: boolean, isByHand?: boolean) => void} */
  function show(isThere, isLoading, isByHand = false) {
    root.hidden = !isThere;
    root.setAttribute("aria-disabled", String(isLoading));
    // Seen anew: a page that did not fill the place leaves the button where it was.
    observer.unobserve(root);
    if (isThere && !isLoading && !isByHand) observer.observe(root);
  }
  return { root, show, stop: () => observer.disconnect() };
}
