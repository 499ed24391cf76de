import { addLine } from "../lib/api.js";
import { all, one, say } from "../lib/dom.js";
import { CART_ADDED, CART_CHANGED, SIZE_SHOWN, tell } from "../lib/events.js";
import { markSoldOut } from "../lib/live.js";
import { money } from "../lib/money.js";

/** Adds to the cart without leaving the page. Whatever goes wrong is said beside the button, and the choice stays. */
export class BuyForm extends HTMLElement {
  connectedCallback() {
    this.form = one("form", this);
    this.button = one("button", this.form);
    this.answer = one(".buy-form-answer", this);
    this.picker = one("size-picker", this);
    this.words = one("[data-deed]", this).textContent;
    this.form.noValidate = true;
    this.form.addEventListener("submit", (event) => this.send(event));
    this.addEventListener(SIZE_SHOWN, (event) => this.show(event.detail));
    this.addEventListener("click", (event) => this.wish(event));
  }

  show({ input, figure, none }) {
    const choice = one(".buy-form-choice", this);
    this.question ??= choice.textContent;
    say(choice, input ? input.dataset.cut : this.question);
    this.none = none;
    say(one("[data-deed]", this), none ? this.dataset.wait : this.words);
    one("[data-part]", this).hidden = none;
    if (figure?.price) this.reprice(figure);
  }

  reprice({ price, old_price: old }) {
    const shown = Number(this.dataset.price);
    if (price === shown) return;
    this.dataset.price = price;
    say(one("[data-sum]", this), money(price));
    say(one(".product-info .price-now"), money(price));
    for (const was of all(".product-info .price > :not(.price-now)")) was.hidden = !old;
    say(one(".product-info .price-old"), money(old || 0));
    say(this.answer, this.dataset.repriced.replace("{}", money(price)).replace("{}", money(shown)));
  }

  wish(event) {
    const struck = event.target.closest(".size-picker-size")?.querySelector(":disabled");
    if (struck) one("restock-form", this).open(struck.value);
  }

  async send(event) {
    event.preventDefault();
    say(this.answer, "");
    if (this.none) return one("restock-form", this).open();
    const sku = this.picker.chosen?.value;
    if (!sku) return this.picker.ask();
    if (this.busy) return;
    this.busy = true;
    this.button.setAttribute("aria-disabled", "true");
    try {
      const cart = await addLine(sku, Number(this.form.elements.quantity.value));
      tell(CART_CHANGED, cart);
      tell(CART_ADDED, { cart, sku });
    } catch (problem) {
      say(this.answer, problem.status ? problem.detail || this.dataset.failed : this.dataset.offline);
      if (problem.code === "out_of_stock") {
        markSoldOut(sku);
        this.picker.refresh();
      }
    } finally {
      this.busy = false;
      this.button.removeAttribute("aria-disabled");
    }
  }
}
