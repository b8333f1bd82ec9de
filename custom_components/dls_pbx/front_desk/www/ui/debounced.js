/** Typing: what it leads to is done when somebody stops for a moment. */

const DELAY = 350;

/** @type {(run: () => void) => {soon: () => void, now: () => void, stop: () => void}} */
export function debounced(run) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */ let timer;
  const stop = () => clearTimeout(timer);
  const now = () => {
    stop();
    run();
  };
  const soon = () => {
    stop();
    timer = setTimeout(run, DELAY);
  };
  return { soon, now, stop };
}
