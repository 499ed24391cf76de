import { showColour } from "../lib/card.js";

/** A card whose swatches show their colour when pointed at, focused or touched; a press of the mouse follows the link. */
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
  }
}
