import { one } from "../lib/dom.js";
import { isFavourite, turnFavourite } from "../lib/favourites.js";

/** A heart that is pressed or not. Hidden without scripts, because the list lives in the browser. */
export class FavouriteToggle extends HTMLElement {
  connectedCallback() {
    this.button = one("button", this);
    this.show(isFavourite(this.dataset.slug));
    this.button.addEventListener("click", () => this.show(turnFavourite(this.dataset.slug)));
    addEventListener("pageshow", (event) => event.persisted && this.show(isFavourite(this.dataset.slug)));
  }

  show(on) {
    this.button.setAttribute("aria-pressed", String(on));
  }
}
