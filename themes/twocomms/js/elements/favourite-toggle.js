import { one } from "../lib/dom.js";
import { isFavourite, turnFavourite } from "../lib/favourites.js";

/** A heart that is pressed or not. Hidden without scripts, because the list lives in the browser. */
export class FavouriteToggle extends HTMLElement {
  connectedCallback() {
    this.show(isFavourite(this.dataset.slug));
    // A card that is put back into its list has not lost its listeners.
    if (this.ready) return;
    this.ready = true;
    this.button.addEventListener("click", () => this.show(turnFavourite(this.dataset.slug)));
    addEventListener("pageshow", (event) => event.persisted && this.show(isFavourite(this.dataset.slug)));
  }

  get button() {
    return one("button", this);
  }

  /** Presses the heart in or out. */
  show(on) {
    this.button.setAttribute("aria-pressed", String(on));
  }
}
