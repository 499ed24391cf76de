import { askRestock } from "../lib/api.js";
import { all, one, say } from "../lib/dom.js";
import { SIZE_SHOWN } from "../lib/events.js";

/** Asks to be told when a sold-out size is back, without leaving the page. Offers only the sizes known to be gone, and hides
 * while there are none; without live figures the page's own word counts. */
export class RestockForm extends HTMLElement {
  connectedCallback() {
    this.form = one("form", this);
    this.answer = one("[role=status]", this);
    this.form.noValidate = true;
    this.form.addEventListener("submit", (event) => this.send(event));
    this.closest("buy-form").addEventListener(SIZE_SHOWN, ({ detail }) => this.narrow(detail.told));
  }

  narrow(told) {
    const gone = new Set(all("size-picker input:disabled", this.parentElement).map((input) => input.value));
    if (told && !one("details", this).open) this.hidden = !gone.size;
    const select = this.form.elements.sku;
    for (const option of select.options) option.disabled = gone.size > 0 && !gone.has(option.value);
    if (select.selectedOptions[0]?.disabled) select.value = gone.values().next().value;
  }

  open(sku) {
    one("details", this).open = true;
    if (sku) this.form.elements.sku.value = sku;
    this.form.elements.contact.focus();
  }

  async send(event) {
    event.preventDefault();
    const { sku, contact } = this.form.elements;
    const typed = contact.value.trim();
    const kind = typed.includes("@") ? "email" : "phone";
    try {
      await askRestock({ sku: sku.value, [kind]: typed, lang: document.documentElement.lang });
      say(this.answer, this.dataset.noted);
      contact.value = "";
    } catch (problem) {
      say(this.answer, problem.fields?.[kind]?.detail || problem.detail || this.dataset.failed);
      if (problem.status === 422) contact.focus();
    }
  }
}
