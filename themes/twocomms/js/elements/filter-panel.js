import { all, one, say } from "../lib/dom.js";
import { FILTERS_CHANGED, FILTERS_WANTED } from "../lib/events.js";
import { plural } from "../lib/plural.js";
import { readList, SEVERAL } from "../lib/list-state.js";

const isNarrow = () => matchMedia("(max-width: 47.99rem)").matches;

/** The controls of a list: says what is chosen, shows what it is told. On phones the form stands in a sheet. */
export class FilterPanel extends HTMLElement {
  connectedCallback() {
    this.form = one(".filter-form", this);
    this.sheet = one("dialog", this);
    this.opener = one(".filter-open", this);
    this.opener.addEventListener("click", (event) => {
      event.preventDefault();
      this.open();
    });
    this.sheet.addEventListener("close", () => this.opener.after(this.form));
    this.sheet.addEventListener("click", (event) => event.target === this.sheet && this.sheet.close());
    this.form.addEventListener("change", () => this.tell(FILTERS_CHANGED));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell(FILTERS_CHANGED);
      if (this.sheet.open) this.sheet.close();
    });
    this.addEventListener("toggle", () => this.tell(FILTERS_WANTED), true);
    this.addEventListener("keydown", (event) => event.key === "Escape" && !this.sheet.open && this.fold(true));
    document.addEventListener("click", (event) => !this.contains(event.target) && !isNarrow() && this.fold(false));
  }

  tell(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: this.state }));
  }

  get state() {
    const said = new FormData(this.form);
    // What the page itself is narrowed to stands in hidden fields and is none of the choices.
    for (const fixed of all("input[type=hidden]", this.form)) said.delete(fixed.name);
    return readList(said);
  }

  open() {
    this.tell(FILTERS_WANTED);
    this.sheet.append(this.form);
    this.sheet.showModal();
  }

  fold(back) {
    for (const group of all("details[open]", this)) {
      group.open = false;
      if (back) one("summary", group).focus();
    }
  }

  /** Puts the controls where a state says. */
  show(state) {
    for (const box of all("input[type=checkbox]", this.form)) {
      box.checked = box.name === "available" ? state.available : state[box.name].includes(box.value);
    }
    for (const name of ["from", "to"]) this.form.elements[name].value = state[name] ?? "";
    this.form.elements.sort.value = state.sort;
    let total = 0;
    for (const group of all("details", this.form)) {
      const fields = all("input", group);
      const number = fields.filter((field) => (field.type === "checkbox" ? field.checked : field.value)).length;
      say(one(".filter-number", group), number || "");
      total += number;
    }
    say(one(".filter-number", this.opener), total + Number(state.available) || "");
  }

  /** Writes how many things each value would show; what shows none cannot be chosen. */
  count(names, counts, total) {
    for (const box of all("input[type=checkbox]", this.form)) {
      const at = SEVERAL.includes(box.name) ? names[box.name].indexOf(box.value) : 0;
      const number = counts[box.name][at] || 0;
      say(one(".filter-count", box.parentElement), number);
      box.disabled = !number && !box.checked;
    }
    const button = one(".filter-show", this.form);
    say(button, plural(button.dataset.forms, total));
  }

  /** The words beside a value. */
  word(name, value) {
    const box = all(`input[name=${name}]`, this.form).find((each) => each.value === value);
    return box ? one("span", box.parentElement).textContent : "";
  }
}
