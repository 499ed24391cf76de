import { make, one } from "./dom.js";

const PAUSE = 140;

/** A combobox over a field of the page: suggestions below it, arrows, Enter and Escape, and no duty to choose any. */
export class SuggestField {
  /** `known` may give the first options at once, from what the page has; `find` asks, and adds those that are missing. */
  constructor(input, { find, known, pick, typed, told }) {
    Object.assign(this, { input, find, known, pick, typed, told, options: [], at: -1 });
    this.list = make("ul", { className: "suggest-list", id: `${input.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", one("label", input.closest(".field")).textContent);
    input.removeAttribute("list");
    const said = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);
    input.after(this.list);
    input.addEventListener("input", () => {
      this.typed();
      this.soon();
    });
    input.addEventListener("focus", () => this.soon());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // A press must not take the focus from the field: the list would close under it.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose([...this.list.children].indexOf(row));
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), PAUSE);
    this.recall();
  }

  /** Whether the field is still being filled in with these words. */
  awaits(query) {
    return document.activeElement === this.input && query === this.input.value.trim();
  }

  async recall() {
    const query = this.input.value.trim();
    const found = (query && (await this.known?.(query))) || [];
    if (!found.length || !this.awaits(query)) return;
    this.recalled = query;
    this.offer(found);
  }

  async suggest() {
    const query = this.input.value.trim();
    let found;
    try {
      found = await this.find(query);
    } catch {
      // What is known already stays: it can be chosen without anybody's answer.
      return this.recalled === query || this.close();
    }
    if (!found || !this.awaits(query)) return;
    if (this.recalled !== query) return this.offer(found);
    this.add(found.filter(({ token }) => !this.options.some((shown) => shown.token === token)));
  }

  offer(found) {
    this.told(found.length);
    this.options = found;
    this.at = -1;
    this.list.replaceChildren(...found.map((each, index) => this.row(each, index)));
    this.open(found.length > 0);
  }

  /** Behind those that are shown: what somebody is just choosing stays where it is. */
  add(found) {
    if (!found.length) return;
    this.list.append(...found.map((each, index) => this.row(each, this.options.length + index)));
    this.options = [...this.options, ...found];
    this.told(this.options.length);
  }

  row({ name, area }, index) {
    const row = make("li", { id: `${this.list.id}-${index}`, textContent: name });
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    if (area) row.append(" ", make("span", { className: "suggest-note", textContent: area }));
    return row;
  }

  open(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.recalled = null;
    this.open(false);
  }

  press(event) {
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      return this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) return this.soon();
      return this.mark((this.at + step + this.options.length) % this.options.length);
    }
    if (event.key === "Enter" && !this.list.hidden && this.at >= 0) {
      event.preventDefault();
      this.choose(this.at);
    }
  }

  mark(at) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = at;
    const row = this.list.children[at];
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", row.id);
  }

  choose(at) {
    const chosen = this.options[at];
    this.input.value = chosen.name;
    this.close();
    this.pick(chosen);
    // The form forgives what it held against the field.
    this.input.dispatchEvent(new Event("blur"));
  }

  /** Says below the field what is wrong with the choice. */
  complain(sentence) {
    const field = this.input.closest(".field");
    one(".field-error", field)?.remove();
    field.append(make("p", { className: "field-error", id: `${this.input.name}-error`, textContent: sentence }));
    field.classList.add("field-wrong");
    this.input.setAttribute("aria-describedby", `${this.input.name}-error`);
  }
}
