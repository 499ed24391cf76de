import { all, one, say } from "../lib/dom.js";

const PIECES = ["title", "link[rel=canonical]", "link[rel=alternate]", "meta[name=description]", ".sheet-edge-languages", "[data-swap]"];
const DECODED_WITHIN = 700;

/** The document of another page of ours. Rejects when it cannot be read. */
function readPage(address) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? done(request.response) : failed(request.status));
    request.onerror = failed;
    request.open("GET", address);
    request.send();
  });
}

/** Shows another colour in place: its pictures, price, sizes, words and address. When that fails, the link leads there. */
export class ColourSwitch extends HTMLElement {
  connectedCallback() {
    this.pages = new Map();
    this.addEventListener("click", (event) => this.press(event));
    for (const hint of ["pointerover", "focusin"]) {
      this.addEventListener(hint, ({ target }) => {
        const link = target.closest("a:not([aria-current])");
        if (link && !navigator.connection?.saveData) this.page(link.href).catch(() => {});
      });
    }
  }

  page(address) {
    if (!this.pages.has(address)) {
      const reading = readPage(address);
      reading.catch(() => this.pages.delete(address));
      this.pages.set(address, reading);
    }
    return this.pages.get(address);
  }

  async press(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.wanted = link.href;
    if (link.ariaCurrent) return;
    try {
      const page = await this.page(link.href);
      await this.decoded(page);
      if (this.wanted === link.href) this.move(() => this.show(page, link.href));
    } catch {
      location.assign(link.href);
    }
  }

  async decoded(page) {
    const picture = one("product-gallery picture", page);
    if (!picture) return;
    const waiting = one("img", document.importNode(picture, true)).decode().catch(() => {});
    await Promise.race([waiting, new Promise((done) => setTimeout(done, DECODED_WITHIN))]);
  }

  move(change) {
    if (!document.startViewTransition || matchMedia("(prefers-reduced-motion: reduce)").matches) return change();
    document.startViewTransition(change).ready.catch(() => {});
  }

  show(page, address) {
    const cut = one("size-picker input:checked")?.dataset.cut;
    const held = this.contains(document.activeElement);
    for (const selector of PIECES) {
      const old = all(selector);
      all(selector, page).forEach((piece, index) => old[index]?.replaceWith(document.importNode(piece, true)));
    }
    document.documentElement.dataset.inks = page.documentElement.dataset.inks;
    history.replaceState(history.state, "", address);
    const same = cut && one(`size-picker [data-cut="${cut}"]`);
    if (same) same.checked = true;
    if (held) one("[aria-current]", this).focus({ preventScroll: true });
    say(one("[role=status]", this), `${one(".colour-switch-name", this).textContent}, ${one(".product-info .price-now").textContent}`);
  }
}
