/** A browser of 2021, as far as loading the modules needs one: no style sheet can be made in it. */

const node = () => ({
  append() {},
  setAttribute() {},
  getAttribute: () => null,
  get firstChild() {
    return node();
  },
});

/** The elements that the pages know. @type {Map<string, unknown>} */
export const elements = new Map();

Object.assign(globalThis, {
  window: globalThis,
  document: { createElement: node, createElementNS: node },
  HTMLElement: class {},
  CSSStyleSheet: class {
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  },
  customElements: {
    get: (/** @type {string} */ name) => elements.get(name),
    whenDefined: async () => {},
    define: (/** @type {string} */ name, /** @type {unknown} */ kind) => elements.set(name, kind),
  },
});
