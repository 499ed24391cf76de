// Elements that only listen come after the first paint, one at a time: nobody waits for them to see the page or to press on it.
// What moves a page when it comes (filters, the list of branches) is defined at once, by `define` of dom.js.

import { define, make } from "./dom.js";

const UNPAINTED = 1000;
const waiting = [];

/** Registers custom elements after the first paint; those of one call together, later calls after earlier ones. */
export function defineLater(elements) {
  waiting.push(elements);
  if (waiting.length === 1) whenPainted(work);
}

/** Fetches after the first paint what the running script's tag names: `data-more`, a script of ours, and its digest. */
export function fetchLater() {
  const { more, integrity } = document.currentScript.dataset;
  whenPainted(() => {
    // import() takes no digest, but runs what this link has fetched and found to be right.
    document.head.append(make("link", { rel: "modulepreload", href: more, integrity }));
    // Without it the page still sells, by its links and forms.
    import(more).catch(() => {});
  });
}

async function work() {
  for (const elements of waiting) {
    for (const [name, element] of Object.entries(elements)) define(name, element);
    await pause();
  }
}

/** Lets presses and frames pass between two pieces of work. */
function pause() {
  return globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));
}

/** Calls `painted` when something is on the screen: at once in a tab that nobody looks at, which paints nothing. */
function whenPainted(painted) {
  const done = () => {
    clearTimeout(late);
    seen.disconnect();
    painted();
  };
  const seen = new PerformanceObserver(done);
  const late = setTimeout(done, document.hidden ? 0 : UNPAINTED);
  seen.observe({ type: "paint", buffered: true });
}
