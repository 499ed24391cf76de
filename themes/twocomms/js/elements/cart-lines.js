import { addLine, changeLine, removeLine } from "../lib/api.js";
import { all, one, say } from "../lib/dom.js";
import { CART_CHANGED, tell } from "../lib/events.js";
import { money } from "../lib/money.js";

/** Changes the cart in place: a new quantity is saved at once, a removed line can be brought back. */
export class CartLines extends HTMLElement {
  connectedCallback() {
    this.status = one(".cart-lines-status", this);
    this.addEventListener("change", (event) => this.change(event));
    this.addEventListener("submit", (event) => this.submit(event));
  }

  submit(event) {
    event.preventDefault();
    if (event.submitter?.name === "remove") this.removeOne(event.target.closest("li"));
    else this.change(event);
  }

  async change(event) {
    const line = event.target.closest("li");
    const input = one("[name=quantity]", line);
    const quantity = Math.min(50, Math.max(0, Math.round(Number(input.value)) || 0));
    if (!quantity) return this.removeOne(line);
    input.value = quantity;
    await this.attempt(() => changeLine(line.dataset.line, quantity));
  }

  async removeOne(line) {
    const name = one(".cart-line-name", line).textContent;
    const quantity = Number(one("[name=quantity]", line).value);
    const done = await this.attempt(() => removeLine(line.dataset.line));
    if (!done) return;
    line.remove();
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "cart-lines-undo";
    undo.textContent = this.dataset.undo;
    undo.addEventListener("click", () => this.bringBack(line.dataset.sku, quantity));
    this.status.replaceChildren(this.dataset.removed.replace("{}", name), " ", undo);
    undo.focus();
  }

  async bringBack(sku, quantity) {
    if (await this.attempt(() => addLine(sku, quantity))) location.reload();
  }

  async attempt(deed) {
    try {
      this.show(await deed());
      return true;
    } catch {
      say(this.status, this.dataset.failed);
      return false;
    }
  }

  show(cart) {
    for (const line of all("li[data-line]", this)) {
      const told = cart.lines.find((each) => String(each.id) === line.dataset.line);
      if (!told) continue;
      one("[name=quantity]", line).value = told.quantity;
      say(one(".cart-line-unit", line), money(told.unit_price));
      say(one("[data-line-total]", line), money(told.line_total));
    }
    say(this.status, (cart.notices || []).map((notice) => notice.text).join(" "));
    say(one("[data-goods]"), money(cart.goods));
    say(one("[data-discount]"), money(-cart.discount));
    say(one("[data-shipping]"), cart.shipping ? money(cart.shipping) : this.dataset.gratis);
    say(one("[data-total]"), money(cart.total));
    const words = one("[data-free]");
    const left = cart.free_shipping_left;
    say(words, left ? words.dataset.freeLeft.replace("{}", money(left)) : words.dataset.freeDone);
    const bar = one(".free-delivery progress");
    bar.value = bar.max - left;
    one(".cart-sums").hidden = !cart.lines.length;
    tell(CART_CHANGED, cart);
  }
}
