// What a page needs only when somebody presses on it is fetched after the first paint.

import { whenPainted } from "./later.js";
import { fetchScript } from "./trusted.js";

/** Fetches after the first paint what the tag of the running script names: `data-more`, a script of ours, and its digest. */
export function fetchLater() {
  const named = { ...document.currentScript.dataset };
  // Without it the page still sells, by its links and forms.
  whenPainted(() => fetchScript(named));
}
