import { all, one } from "../lib/dom.js";

/** Arrow keys and thumbnails move the strip; the thumbnail of the frame in view is marked. */
export class ProductGallery extends HTMLElement {
  connectedCallback() {
    this.strip = one(".product-gallery-strip", this);
    this.frames = all("figure", this);
    this.thumbs = all(".product-gallery-thumbs a", this);
    this.at = 0;
    this.strip.addEventListener("keydown", (event) => this.step(event));
    this.thumbs.forEach((thumb, index) => thumb.addEventListener("click", (event) => this.go(index, event)));
    const seen = new IntersectionObserver((entries) => this.mark(entries), { root: this.strip, threshold: 0.6 });
    this.frames.forEach((frame) => seen.observe(frame));
  }

  step(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move) this.go(Math.max(0, Math.min(this.frames.length - 1, this.at + move)), event);
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
