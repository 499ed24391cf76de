import { joinFavourites, listed, liked, renameFavourites } from "../lib/favourites.js";
import { one } from "../lib/dom.js";

/** The favourites of this browser: a guest's are shown as cards that the sidecar renders; an account takes them over. */
export class FavouritesList extends HTMLElement {
  connectedCallback() {
    if ("merge" in this.dataset) this.merge();
    else if (liked().length) this.show();
  }

  // What the account did not know yet is seen after a reload; nothing new, nothing to reload.
  async merge() {
    const before = one(".card-grid", this) ? this.shown() : [];
    if (!Object.keys(listed()).length || !(await joinFavourites()) || this.hidden) return;
    if (liked().length !== before.length) location.reload();
  }

  shown() {
    return [...this.querySelectorAll(".card-grid > li")];
  }

  show() {
    const asked = new XMLHttpRequest();
    asked.responseType = "document";
    asked.onload = () => {
      const list = asked.response && one("favourites-list[data-renamed]", asked.response);
      if (list) renameFavourites(JSON.parse(list.dataset.renamed));
      const found = asked.response && one("favourites-list .card-grid", asked.response);
      if (found) this.replaceChildren(document.adoptNode(found));
    };
    asked.open("GET", `${location.pathname}?products=${liked().join(",")}`);
    asked.send();
  }
}
