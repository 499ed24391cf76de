import { CART_CHANGED, hear } from "../lib/events.js";
import { whenShown } from "../lib/shown.js";

/** The number of pieces beside the word "cart": from the cookie the sidecar sets, in a box whose room is reserved. */
export class CartCount extends HTMLElement {
  connectedCallback() {
    whenShown(() => this.show());
    hear(CART_CHANGED, () => this.show());
    // Another tab may have changed the cart meanwhile.
    document.addEventListener("visibilitychange", () => this.show());
  }

  show() {
    const count = Number(/(?:^|; )n=(\d+)/.exec(document.cookie)?.[1] || 0);
    this.textContent = count ? (count > 99 ? "99" : String(count)) : "";
  }
}
