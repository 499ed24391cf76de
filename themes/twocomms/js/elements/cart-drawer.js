import { one, say } from "../lib/dom.js";
import { CART_ADDED, hear } from "../lib/events.js";
import { money } from "../lib/money.js";

/** The small cart: opens when something was added, shows the cart document it was told, and says it aloud. */
export class CartDrawer extends HTMLElement {
  connectedCallback() {
    this.sheet = one("dialog", this);
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    hear(CART_ADDED, (cart) => this.open(cart));
  }

  open(cart) {
    one("ul", this.sheet).replaceChildren(...cart.lines.map((line) => this.line(line)));
    say(one("[data-goods]", this.sheet), money(cart.goods));
    const left = cart.free_shipping_left;
    say(one(".cart-drawer-free", this.sheet), left ? this.dataset.freeLeft.replace("{}", money(left)) : this.dataset.freeDone);
    const bar = one("progress", this.sheet);
    bar.value = left ? Math.max(0, bar.max - left) : bar.max;
    this.sheet.showModal();
    one("h2", this.sheet).focus();
    say(one("[role=status]", this), this.dataset.added);
  }

  line(line) {
    const item = one("template", this).content.firstElementChild.cloneNode(true);
    const picture = one("img", item);
    if (line.image) picture.src = line.image;
    else picture.remove();
    say(one(".cart-drawer-name", item), line.name);
    say(one(".cart-drawer-choice", item), [line.colour, line.size, line.quantity > 1 && `× ${line.quantity}`].filter(Boolean).join(" · "));
    say(one(".cart-drawer-price", item), money(line.line_total));
    return item;
  }
}
