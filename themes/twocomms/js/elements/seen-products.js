import { make, one } from "../lib/dom.js";
import { whenShown } from "../lib/shown.js";

const SEEN = "twocomms:seen";
const MOST = 8;

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(SEEN)) || [];
  } catch {
    return [];
  }
}

/** The products looked at in this browser, the last one first. They are known to nobody else, and one press forgets them. */
export class SeenProducts extends HTMLElement {
  connectedCallback() {
    one("button", this).addEventListener("click", () => this.forget());
    // A page that was only opened ahead has not been seen.
    whenShown(() => this.see());
  }

  see() {
    const { path, name, image } = this.dataset;
    const others = remembered().filter((each) => each.path !== path);
    this.keep([{ path, name, image }, ...others].slice(0, MOST));
    // Names stand in the language they were seen in: those of another one would be strangers on this page.
    const shelf = path.split("product/")[0];
    const shown = others.filter((each) => each.path.split("product/")[0] === shelf);
    one("ul", this).replaceChildren(...shown.map((each) => this.item(each)));
    this.hidden = !shown.length;
  }

  item({ path, name, image }) {
    const link = make("a", { href: path });
    link.append(make("img", { src: image, width: 120, height: 150, alt: "", loading: "lazy" }), name);
    const item = make("li", {});
    item.append(link);
    return item;
  }

  forget() {
    this.keep([]);
    this.hidden = true;
    one("#main").focus({ preventScroll: true });
  }

  keep(list) {
    try {
      localStorage.setItem(SEEN, JSON.stringify(list));
    } catch {
      // A browser that keeps nothing shows nothing next time.
    }
  }
}
