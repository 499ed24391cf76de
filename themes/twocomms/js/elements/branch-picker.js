import { pointsOf, quoteFor, searchCities, topCities } from "../lib/delivery.js";
import { keepSaying, make, one } from "../lib/dom.js";
import { money } from "../lib/money.js";
import { openPayments } from "../lib/payments.js";
import { SuggestField } from "../lib/suggest-field.js";

/** Where to: a point or a door, with city and point as two comboboxes over the directory. What is typed is taken as it is; a chosen place brings its own price. */
export class BranchPicker extends HTMLElement {
  connectedCallback() {
    if (this.city) return;
    this.form = this.closest("form");
    const kept = (name) => this.form.elements[name]?.value ?? "";
    this.tokens = { city: kept("city_token"), branch: kept("branch_token") };
    one(".branch-lists", this).remove();
    const carried = Object.keys(this.tokens).map((name) => make("input", { type: "hidden", name: `${name}_token`, value: this.tokens[name] }));
    this.status = make("p", { className: "hidden" });
    this.status.setAttribute("role", "status");
    this.append(...carried, this.status);
    const said = (name, find, pick, known) => new SuggestField(one(`[name=${name}]`, this), { find, known, pick, typed: () => this.forget(name), told: (count) => this.tell(count) });
    this.city = said("city", (typed) => typed && searchCities(typed), (city) => this.chooseCity(city), topCities);
    this.branch = said("branch", (typed) => this.tokens.city && pointsOf(this.tokens.city, typed), (point) => this.choosePoint(point));
    for (const radio of this.querySelectorAll("[name=way]")) radio.addEventListener("change", () => this.reckonSoon());
  }

  get byCourier() {
    return this.form.elements.way?.value === "courier";
  }

  set(name, token) {
    this.tokens[name] = token;
    this.form.elements[`${name}_token`].value = token;
  }

  /** The words were changed by hand: they are words again. */
  forget(name) {
    const priced = JSON.stringify(this.place());
    if (name === "city") this.set("city", "");
    this.set("branch", "");
    if (priced !== JSON.stringify(this.place())) this.reckon();
  }

  tell(count) {
    this.status.textContent = count ? this.dataset.found.replace("{n}", count) : this.dataset.nothing;
  }

  chooseCity(city) {
    this.set("city", city.token);
    this.set("branch", "");
    this.branch.input.value = "";
    if (!this.byCourier) return this.branch.input.focus();
    one("[name=street]", this).focus();
    this.reckon();
  }

  choosePoint(point) {
    this.set("branch", point.token);
    this.reckon();
  }

  /** What is known of the place, as a quote takes it. */
  place() {
    const { city, branch } = this.tokens;
    if (this.byCourier) return { courier: city ? { city_token: city } : {} };
    return branch ? { city_token: city, branch_token: branch } : undefined;
  }

  /** After the fields of the other way are seen, which is what was pressed for. */
  reckonSoon() {
    requestAnimationFrame(() => setTimeout(() => this.reckon()));
  }

  /** The sums, the days and the ways to pay for the place, the sum on the button too; without an answer everything stays as the page came. */
  async reckon() {
    const asked = JSON.stringify(this.place());
    try {
      const told = await quoteFor(this.place(), new FormData(this.form).get("payment"));
      if (asked === JSON.stringify(this.place())) this.show(told);
    } catch (refused) {
      if (this.tokens.branch && refused.fields?.branch) this.branch.complain(refused.fields.branch.detail);
    }
  }

  show(told) {
    const sum = money(told.payable);
    this.form.elements.expected_total.value = told.payable;
    for (const place of document.querySelectorAll("[data-sum]")) {
      const amount = told[place.dataset.sum];
      keepSaying(place, place.dataset.sum === "shipping" && !amount ? this.dataset.free : money(amount));
    }
    for (const button of this.form.querySelectorAll("button[type=submit]:not([name])")) keepSaying(button, this.dataset.send.replace("{}", sum));
    for (const place of document.querySelectorAll("[data-arrival]")) keepSaying(place, told.arrival);
    const chosen = told.payments.find(({ kind }) => kind === this.form.elements.payment.value);
    const moved = openPayments(one("#payments", this.form), told.payments);
    if (moved) this.status.textContent = moved;
    else if (chosen?.reason === "no_cash_here") this.branch.complain(this.dataset.noCash);
  }
}
