import { forgetFavourite, joinFavourites, liked, renameFavourites } from "../lib/favourites.js";
import { all, one } from "../lib/dom.js";

/** The favourites of this browser: a guest's are shown as cards that the sidecar renders; an account takes them over. */
export class FavouritesList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => forgetFavourite(event.target.elements.product.value));
    if ("merge" in this.dataset) this.merge();
    else if (all("product-card", this).map((card) => card.dataset.slug).join() !== liked().join()) this.show();
  }

  // What the account did not know yet is seen after a reload, one for each list: what is sold no more stands in it and is not
  // shown. Else this browser has learnt what the account likes.
  async merge() {
    if (!(await joinFavourites()) || this.hidden) return;
    const now = liked().join();
    if (liked().length !== all(".card-grid > li", this).length && history.state?.merged !== now) {
      history.replaceState({ ...history.state, merged: now }, "");
      location.reload();
    }
    for (const heart of all("favourite-toggle:defined", this)) heart.show();
  }

  show() {
    const asked = new XMLHttpRequest();
    asked.responseType = "document";
    asked.onload = () => {
      const list = asked.response && one("favourites-list", asked.response);
      if (!list) return;
      if (list.dataset.renamed) renameFavourites(JSON.parse(list.dataset.renamed));
      this.replaceChildren(...list.children);
    };
    asked.open("GET", `${location.pathname}?products=${liked().join(",")}`);
    asked.send();
  }
}
