import { make, one } from "../lib/dom.js";
import { PICTURE_OPENED, hear } from "../lib/events.js";

/** A picture over the whole window, more than twice as large: it scrolls by finger and keys, and follows the mouse. */
export class PictureZoom extends HTMLElement {
  connectedCallback() {
    this.sheet = one("dialog", this);
    this.field = one(".picture-zoom-field", this);
    hear(PICTURE_OPENED, (link) => this.open(link));
    this.field.addEventListener("click", () => this.sheet.close());
    this.field.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.follow(event));
  }

  open(link) {
    const { alt, src } = one("img", link);
    const picture = make("img", { alt, width: 1200, height: 1500, src: link.href });
    // Without AVIF the picture of the page is the largest there is.
    picture.addEventListener("error", () => (picture.src = src), { once: true });
    this.field.replaceChildren(picture);
    this.sheet.showModal();
    this.field.focus();
    this.field.scrollTo((this.field.scrollWidth - this.field.clientWidth) / 2, (this.field.scrollHeight - this.field.clientHeight) / 4);
  }

  follow({ clientX, clientY }) {
    const { clientWidth, clientHeight, scrollWidth, scrollHeight } = this.field;
    this.field.scrollTo((clientX / clientWidth) * (scrollWidth - clientWidth), (clientY / clientHeight) * (scrollHeight - clientHeight));
  }
}
