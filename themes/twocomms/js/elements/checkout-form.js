import { one, say } from "../lib/dom.js";

/** `+380 67 123 45 67` for anything that holds a Ukrainian number, else what was typed. */
export function tidyPhone(typed) {
  const digits = typed.replace(/\D/g, "").replace(/^(38)?0/, "");
  const parts = /^(\d{2})(\d{3})(\d{2})(\d{2})$/.exec(digits);
  return parts ? `+380 ${parts.slice(1).join(" ")}` : typed;
}

const CHECKS = {
  phone: (value) => tidyPhone(value) !== value || /^\+380 \d\d \d{3} \d\d \d\d$/.test(value),
  name: (value) => value.split(/\s+/).length > 1,
  email: (value) => !value || /^\S+@\S+\.\S+$/.test(value),
  city: (value) => value.length > 1 && /\p{L}/u.test(value),
  branch: (value) => /[\p{L}\d]/u.test(value),
  street: (value) => value.length > 1,
  house: (value) => value.length > 0,
};

/** Browsers fill in street and house as one line: the house goes to its own field. Whether it did. */
function partHouse({ street, house }) {
  const parts = /^(.*?\D)[\s,]+(?:буд(?:\.|инок)?\s*)?(\d+(?:\s?[-/]?\s?\p{L})?(?:[/-]\d+\p{L}?)?)$/u.exec(street.value.trim());
  if (!parts || house.value.trim()) return false;
  [street.value, house.value] = [parts[1].replace(/[\s,]+$/, ""), parts[2]];
  return true;
}

/** Checks a field when it is left, forgives while it is being typed, and sends the order once. */
export class CheckoutForm extends HTMLElement {
  connectedCallback() {
    this.form = one("form", this);
    for (const name of Object.keys(CHECKS)) {
      const input = this.form.elements[name];
      if (!input) continue;
      input.addEventListener("blur", () => input.value && this.check(input));
      input.addEventListener("input", () => this.mend(input));
    }
    this.form.addEventListener("submit", (event) => this.send(event));
    addEventListener("pageshow", () => this.release());
    one(".error-summary")?.focus();
  }

  check(input) {
    const value = input.value.trim();
    if (input.name === "phone") input.value = tidyPhone(value);
    if (input.name === "street" && partHouse(this.form.elements)) this.mend(this.form.elements.house);
    if (CHECKS[input.name](value)) {
      this.mend(input);
      return true;
    }
    const field = input.closest(".field");
    let error = one(".field-error", field);
    if (!error) {
      error = document.createElement("p");
      error.className = "field-error";
      error.id = `${input.name}-error`;
      field.append(error);
    }
    error.textContent = (value ? "" : field.dataset.missing) || field.dataset.wrong;
    field.classList.add("field-wrong");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", [one(".field-hint", field)?.id, error.id].filter(Boolean).join(" "));
    return false;
  }

  mend(input) {
    const field = input.closest(".field");
    one(".field-error", field)?.remove();
    field.classList.remove("field-wrong");
    input.removeAttribute("aria-invalid");
    const hint = one(".field-hint", field);
    if (hint) input.setAttribute("aria-describedby", hint.id);
    else input.removeAttribute("aria-describedby");
  }

  send(event) {
    // A promo code is given or taken away: nothing is ordered, nothing needs to be right.
    if (event.submitter?.name === "act") return;
    // What the chosen way of delivery does not ask for is not shown, and nobody minds it.
    const shown = Object.keys(CHECKS).map((name) => this.form.elements[name]).filter((input) => input?.offsetParent);
    const wrong = shown.filter((input) => !this.check(input));
    if (wrong.length || this.sent) {
      event.preventDefault();
      wrong[0]?.focus();
      return;
    }
    // The browser would leave for a page of its own, and what was typed would be gone.
    const cut = navigator.onLine === false;
    say(one(".checkout-cut", this.form), cut ? this.dataset.offline : "");
    if (cut) return event.preventDefault();
    this.sent = true;
    const button = one(".checkout-send", this.form);
    this.words ??= button.textContent;
    button.textContent = this.dataset.sending;
    button.setAttribute("aria-disabled", "true");
  }

  release() {
    this.sent = false;
    const button = one(".checkout-send", this.form);
    if (this.words) button.textContent = this.words;
    button.removeAttribute("aria-disabled");
  }
}
