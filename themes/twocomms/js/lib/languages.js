import { one, whenRead } from "./dom.js";

/** Lets the links to this page's other languages ask what the page asks. The query changes while one looks, so a link learns it
 * when somebody comes to it. */
export function keepQuery() {
  whenRead(() => {
    const links = one(".sheet-edge-languages");
    for (const hint of ["pointerover", "focusin", "click"]) {
      links?.addEventListener(hint, ({ target }) => {
        const link = target.closest("a");
        if (link) link.search = location.search;
      });
    }
  });
}
