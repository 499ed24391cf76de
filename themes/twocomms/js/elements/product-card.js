import { showColour } from "../lib/card.js";

const SWIPE = 32;

/** A card whose swatches show their colour when pointed at, focused or touched; a press of the mouse follows the link. A finger
 * that is drawn across it turns to its second picture and back, as a mouse that rests on it does. */
export class ProductCard extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    const swatchAt = (event) => event.target.closest(".product-card-colours a");
    const show = (link) => link && !link.hasAttribute("aria-current") && showColour(this, link);
    this.addEventListener("pointerover", (event) => event.pointerType === "mouse" && show(swatchAt(event)));
    this.addEventListener("focusin", (event) => show(swatchAt(event)));
    this.addEventListener("click", (event) => {
      if (event.pointerType === "touch" && swatchAt(event)) event.preventDefault();
      if (event.pointerType === "touch") show(swatchAt(event));
    });
    // A finger that scrolls is taken away by the browser, and never comes up here.
    this.addEventListener("pointerdown", (event) => (this.down = event.pointerType === "touch" ? event.clientX : NaN));
    this.addEventListener("pointerup", (event) => {
      if (Math.abs(event.clientX - this.down) > SWIPE) this.classList.toggle("product-card-turned");
    });
  }
}
