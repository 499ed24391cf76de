import { addLine } from "../lib/api.js";
import { one, say } from "../lib/dom.js";
import { CART_ADDED, CART_CHANGED, tell } from "../lib/events.js";

/** Adds to the cart without leaving the page. When the sidecar cannot be reached, the form goes the long way. */
export class BuyForm extends HTMLElement {
  connectedCallback() {
    this.form = one("form", this);
    this.form.noValidate = true;
    this.form.addEventListener("submit", (event) => this.send(event));
  }

  async send(event) {
    event.preventDefault();
    const picker = one("size-picker", this);
    const answer = one(".buy-form-answer", this);
    say(answer, "");
    if (!picker.chosen) return picker.ask();
    if (this.busy) return;
    this.busy = true;
    one("button", this.form).setAttribute("aria-disabled", "true");
    try {
      const cart = await addLine(picker.chosen.value, Number(this.form.elements.quantity.value));
      tell(CART_CHANGED, cart);
      tell(CART_ADDED, cart);
    } catch (problem) {
      if (!problem.status) return this.form.submit();
      say(answer, problem.code === "out_of_stock" ? this.dataset.soldOut : this.dataset.failed);
      picker.seen = 0;
      picker.refresh();
    } finally {
      this.busy = false;
      one("button", this.form).removeAttribute("aria-disabled");
    }
  }
}
