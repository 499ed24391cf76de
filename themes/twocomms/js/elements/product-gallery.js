import { all, one } from "../lib/dom.js";
import { PICTURE_OPENED, tell } from "../lib/events.js";

/** Arrow keys, buttons and thumbnails move the strip; the thumbnail of the frame in view is marked; a picture opens large. */
export class ProductGallery extends HTMLElement {
  connectedCallback() {
    this.strip = one(".product-gallery-strip", this);
    this.frames = all("figure", this);
    this.thumbs = all(".product-gallery-thumbs a", this);
    this.at = 0;
    this.strip.addEventListener("keydown", (event) => this.step({ ArrowRight: 1, ArrowLeft: -1 }[event.key], event));
    this.addEventListener("click", (event) => this.press(event));
    const seen = new IntersectionObserver((entries) => this.mark(entries), { root: this.strip, threshold: 0.6 });
    this.frames.forEach((frame) => seen.observe(frame));
  }

  press(event) {
    const pressed = event.target.closest("a, button");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!pressed || !plain) return;
    if (pressed.dataset.step) this.step(Number(pressed.dataset.step), event);
    else if (this.thumbs.includes(pressed)) this.go(this.thumbs.indexOf(pressed), event);
    else {
      event.preventDefault();
      tell(PICTURE_OPENED, pressed);
    }
  }

  step(move, event) {
    if (move) this.go((this.at + move + this.frames.length) % this.frames.length, event);
  }

  go(index, event) {
    event.preventDefault();
    this.strip.scrollTo({ left: this.frames[index].offsetLeft - this.frames[0].offsetLeft });
  }

  mark(entries) {
    const entry = entries.find((each) => each.isIntersecting);
    if (!entry) return;
    this.at = this.frames.indexOf(entry.target);
    this.thumbs.forEach((thumb, index) => {
      if (index === this.at) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
  }
}
