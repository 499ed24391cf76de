import { one } from "../lib/dom.js";
import { isFavourite, turnFavourite } from "../lib/favourites.js";

/** A heart that is pressed or not, without leaving the page; before it is there its button posts a form. */
export class FavouriteToggle extends HTMLElement {
  connectedCallback() {
    this.show();
    // A card that is put back into its list has not lost its listeners.
    if (this.ready) return;
    this.ready = true;
    this.button.addEventListener("click", (event) => {
      // A browser that keeps nothing lets the form put it in.
      if (turnFavourite(this.button.value)) event.preventDefault();
      this.show();
    });
    addEventListener("pageshow", (event) => event.persisted && this.show());
  }

  get button() {
    return one("button", this);
  }

  /** Presses the heart in or out. */
  show() {
    this.button.setAttribute("aria-pressed", String(isFavourite(this.button.value)));
  }
}
