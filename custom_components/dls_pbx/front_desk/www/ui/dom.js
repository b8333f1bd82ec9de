/** DOM helpers: what the card does to a document. Data gets in as text only: callers choose their own names. */

/**
 * A new element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

/** @type {(target: Element, text: string) => void} one that has it already is left alone */
export function setText(target, text) {
  const { firstChild } = target;
  // Nearly always there is one piece of text: to write in it costs half of what a new one does.
  const place = firstChild instanceof Text && !firstChild.nextSibling ? firstChild : target;
  if (place.textContent !== text) place.textContent = text;
}

/** @type {(target: Element, name: string, value: string) => void} one that has it already is left alone */
export function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
