// Elements that only listen come after the first paint, one at a time: nobody waits for them to see the page or to press on it.
// What shapes a page (filters, the list of branches) is defined at once, by `define` of dom.js.

import { define, whenRead } from "./dom.js";

const UNPAINTED = 1000;
const waiting = [];

/** Registers custom elements after the first paint; those of one call together, later calls after earlier ones. */
export function defineLater(elements) {
  waiting.push(elements);
  if (waiting.length === 1) whenPainted(work);
}

async function work() {
  await new Promise(whenRead);
  for (const elements of waiting) {
    for (const [name, element] of Object.entries(elements)) define(name, element);
    await pause();
  }
}

/** Lets presses and frames pass between two pieces of work. */
export function pause() {
  return globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));
}

/** Calls `painted` when something is on the screen, or after a second that showed nothing; at once in a tab that nobody looks
 * at, which paints nothing. Pictures wait for the same moment (css/components/picture.css). */
export function whenPainted(painted) {
  const done = () => {
    clearTimeout(late);
    seen.disconnect();
    document.documentElement.dataset.painted = "";
    painted();
  };
  const seen = new PerformanceObserver(done);
  const late = setTimeout(done, document.hidden ? 0 : UNPAINTED);
  seen.observe({ type: "paint", buffered: true });
}
