import { liveStock } from "../lib/api.js";
import { all, one, say } from "../lib/dom.js";
import { money } from "../lib/money.js";

const FRESH = 60_000;
const FEW = 3;

/** Marks the sizes that are gone by live figures, and says how many are left of the chosen one. Silence leaves all as it is. */
export class SizePicker extends HTMLElement {
  connectedCallback() {
    this.stock = {};
    this.seen = 0;
    this.line = one(".size-picker-stock", this);
    this.addEventListener("change", () => this.describe());
    (window.requestIdleCallback || setTimeout)(() => this.refresh());
    addEventListener("pageshow", (event) => event.persisted && this.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  get chosen() {
    return one("input:checked", this);
  }

  async refresh() {
    if (Date.now() - this.seen < FRESH) return;
    try {
      this.stock = await liveStock(this.dataset.live);
    } catch {
      return;
    }
    this.seen = Date.now();
    for (const input of all("input", this)) {
      const sold = this.stock[input.value]?.left === 0;
      input.disabled = sold;
      if (sold) input.checked = false;
      this.label(input, sold);
    }
    this.describe();
  }

  label(input, sold) {
    const name = input.nextElementSibling;
    const note = one(".hidden", name);
    if (sold && !note) {
      const gone = document.createElement("span");
      gone.className = "hidden";
      gone.textContent = `, ${this.dataset.gone}`;
      name.append(gone);
    } else if (!sold) note?.remove();
  }

  describe() {
    const live = this.stock[this.chosen?.value];
    this.classList.remove("size-picker-wrong");
    say(this.line, live && live.left > 0 && live.left <= FEW ? this.getAttribute(`data-left-${live.left}`) : "");
    if (live) {
      for (const price of all("[data-sum], .product-info .price-now")) say(price, money(live.price));
    }
  }

  ask() {
    this.classList.add("size-picker-wrong");
    say(this.line, this.dataset.choose);
    one("input:not(:disabled)", this)?.focus();
  }
}
