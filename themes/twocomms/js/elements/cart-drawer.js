import { addLine, changeLine, removeLine } from "../lib/api.js";
import { make, one, say } from "../lib/dom.js";
import { CART_ADDED, CART_CHANGED, hear, tell } from "../lib/events.js";
import { money } from "../lib/money.js";

/** The small cart: opens when something was added, what was added on top. Quantities change in place; what was removed
 * can be put back. */
export class CartDrawer extends HTMLElement {
  connectedCallback() {
    this.sheet = one("dialog", this);
    this.list = one("ul", this);
    this.head = one("h2", this);
    this.status = one("[role=status]", this);
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    this.list.addEventListener("click", (event) => this.press(event));
    hear(CART_ADDED, ({ cart, sku }) => this.open(cart, sku));
  }

  open(cart, sku) {
    this.first = sku;
    this.removed = null;
    this.show(cart);
    this.sheet.showModal();
    say(this.head, this.dataset.added);
    this.head.focus();
    this.tell(cart, sku);
  }

  tell(cart, sku) {
    const line = cart.lines.find((each) => each.sku === sku);
    const words = line ? [line.name, line.quantity, money(cart.goods)] : [this.removed.name];
    this.status.classList.add("hidden");
    say(this.status, words.reduce((text, word) => text.replace("{}", () => word), this.dataset[line ? "said" : "removed"]));
  }

  show(cart) {
    const lines = [...cart.lines].sort((a, b) => (b.sku === this.first) - (a.sku === this.first));
    const items = lines.map((line) => this.line(line));
    if (this.removed) items.splice(this.removed.place, 0, this.gap());
    this.list.replaceChildren(...items);
    say(one("[data-goods]", this), money(cart.goods));
    const left = cart.free_shipping_left;
    say(one(".cart-drawer-free", this), left ? this.dataset.freeLeft.replace("{}", money(left)) : this.dataset.freeDone);
    const bar = one("progress", this);
    bar.value = left ? Math.max(0, bar.max - left) : bar.max;
    for (const link of this.sheet.querySelectorAll("a.button-main")) link.hidden = !cart.lines.length;
  }

  line(line) {
    const item = one("template", this).content.firstElementChild.cloneNode(true);
    const name = one(".cart-drawer-name", item);
    Object.assign(item.dataset, { line: line.id, sku: line.sku, quantity: line.quantity });
    if (line.image) one(".cart-drawer-picture", item).append(make("img", { src: line.image, width: 64, height: 80, alt: "" }));
    name.href = line.url;
    say(name, line.name);
    say(one(".cart-drawer-choice", item), [line.colour, line.size, this.dataset[line.fit]].filter(Boolean).join(" · "));
    say(one(".cart-drawer-note", item), line.note || "");
    say(one(".cart-drawer-price", item), money(line.line_total));
    say(one("output", item), line.quantity);
    for (const button of item.querySelectorAll("button")) button.setAttribute("aria-label", `${this.dataset[button.dataset.deed]}: ${line.name}`);
    return item;
  }

  gap() {
    const item = make("li", { className: "cart-drawer-gap" });
    const undo = make("button", { type: "button", textContent: this.dataset.undo });
    undo.dataset.deed = "undo";
    Object.assign(item.dataset, { sku: this.removed.sku, quantity: this.removed.quantity });
    item.append(make("span", { textContent: this.dataset.removed.replace("{}", () => this.removed.name) }), undo);
    return item;
  }

  press(event) {
    const { deed } = event.target.closest("button")?.dataset ?? {};
    if (!deed) return;
    const { sku } = event.target.closest("li").dataset;
    this.pressed = Promise.resolve(this.pressed).then(() => this.change(deed, sku));
  }

  /** Does what was pressed; each press starts from the list that the one before has left. */
  async change(deed, sku) {
    const item = [...this.list.children].find((each) => each.dataset.sku === sku && one(`[data-deed=${deed}]`, each));
    if (!item) return;
    const { line } = item.dataset;
    const quantity = Number(item.dataset.quantity);
    const gone = deed === "remove" || (deed === "less" && quantity === 1);
    try {
      const cart = await (gone ? removeLine(line) : deed === "undo" ? addLine(sku, quantity) : changeLine(line, quantity + (deed === "more" ? 1 : -1)));
      this.removed = gone ? { sku, quantity, name: one(".cart-drawer-name", item).textContent, place: [...this.list.children].indexOf(item) } : null;
      this.show(cart);
      tell(CART_CHANGED, cart);
      const back = gone ? "[data-deed=undo]" : `[data-sku="${sku}"] [data-deed=${deed === "undo" ? "more" : deed}]`;
      one(back, this.list)?.focus();
      say(this.head, this.dataset.title);
      this.tell(cart, sku);
    } catch (problem) {
      this.status.classList.remove("hidden");
      say(this.status, problem.detail || this.dataset.failed);
    }
  }
}
