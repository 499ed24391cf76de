import { one } from "../lib/dom.js";
import { fetchScript, scriptAddress } from "../lib/trusted.js";

/** The field in the header. Suggestions are fetched when somebody goes to it; until then it only knows where the search page is. */
export class SearchBox extends HTMLElement {
  connectedCallback() {
    const form = one("form", this);
    const input = one("input", form);
    form.action = this.dataset.page;
    one("a", this).addEventListener("click", (event) => {
      event.preventDefault();
      this.dataset.open = "";
      input.focus();
    });
    if (input.matches(":focus")) this.wake();
    else input.addEventListener("focus", () => this.wake(), { once: true });
  }

  /** The address of the worker: what is fetched later may not make a policy of its own. */
  get script() {
    return scriptAddress(this.dataset.worker);
  }

  wake() {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: this.dataset.style }));
    // Without suggestions the form still searches.
    fetchScript(this.dataset);
  }
}
