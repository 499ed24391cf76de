import { fillCard } from "../lib/card.js";
import { cardsOf, dataFile, forgetDataFiles } from "../lib/catalogue.js";
import { chipsOf, withoutChip } from "../lib/chips.js";
import { all, make, one, say } from "../lib/dom.js";
import { FILTERS_CHANGED, FILTERS_WANTED } from "../lib/events.js";
import { lookUp, readFacets } from "../lib/facets.js";
import { readList, writeList } from "../lib/list-state.js";
import { plural } from "../lib/plural.js";

const STEP = 24;

/** A list that is narrowed, sorted and lengthened in place. What is chosen stands in the address; a plain list is the page as it came. */
export class ProductList extends HTMLElement {
  connectedCallback() {
    if (this.grid) return;
    this.panel = one("filter-panel", this);
    this.grid = one(":scope > .card-grid", this);
    this.chips = one(".chips", this);
    this.total = one(".list-total", this);
    this.end = one(".list-more", this);
    this.more = one("a", this.end);
    this.came = { cards: [...this.grid.children], total: this.total.textContent, end: one("p", this.end).textContent };
    this.model = all(".product-card", this).at(-1);
    this.addEventListener(FILTERS_WANTED, () => this.prepare());
    this.addEventListener(FILTERS_CHANGED, (event) => this.go(event.detail));
    this.chips.addEventListener("click", (event) => this.drop(event.target.closest("button")));
    this.more.addEventListener("click", (event) => this.lengthen(event));
    // The browser forgets how long a list was and where one stood in it; the entry of the history does not.
    this.grid.addEventListener("click", () => this.note({ y: scrollY }));
    addEventListener("popstate", () => this.take());
    if (writeList(this.state) || history.state?.shown) this.take(history.state?.y);
    else this.go(this.panel.state); // what was chosen before this came
  }

  get state() {
    return readList(new URLSearchParams(location.search));
  }

  note(more) {
    history.replaceState({ ...history.state, ...more }, "");
  }

  /** Shows what the address says, scrolled to `y` where one comes back to it. */
  async take(y) {
    await this.show(this.state, history.state?.shown || STEP);
    if (y) scrollTo(0, y);
  }

  async prepare() {
    if (this.table) return;
    try {
      await this.read();
      this.say(this.state);
    } catch {
      // The press that follows tells.
    }
  }

  go(state) {
    if (writeList(state) === writeList(this.state)) return null;
    history.pushState(null, "", this.dataset.path + writeList(state));
    return this.show(state, STEP);
  }

  /** The files that lists are made of; asked for once more where an old pointer names what is gone. */
  async read(again = true) {
    try {
      this.pointer = await dataFile(this.dataset.pointer);
      this.table ||= readFacets(await dataFile(this.pointer.facets[this.dataset.category]));
    } catch (problem) {
      forgetDataFiles();
      if (!again) throw problem;
      await this.read(false);
    }
  }

  say(state) {
    const { category, colour } = this.dataset;
    const wish = { ...state, category: category ? [] : state.category, colour: colour ? [colour] : state.colour };
    const { found, counts } = lookUp(this.table, wish);
    this.panel.show(state);
    this.panel.count(this.table.names, counts, found.length);
    this.showChips(state);
    return found;
  }

  async show(state, shown) {
    const turn = (this.turn = (this.turn || 0) + 1);
    this.grid.setAttribute("aria-busy", "true");
    try {
      await this.read();
      if (turn !== this.turn) return;
      const found = this.say(state);
      const plain = !writeList(state) && this.dataset.page === "1" && shown <= STEP;
      say(this.total, plain ? this.came.total : plural(this.dataset.total, found.length));
      // The counts are seen before the cards are made.
      await new Promise((seen) => requestAnimationFrame(() => setTimeout(seen)));
      if (turn !== this.turn) return;
      if (plain) this.putBack();
      else await this.put(found, shown, turn);
    } catch {
      if (turn === this.turn) say(this.total, this.dataset.failed);
    } finally {
      if (turn === this.turn) this.grid.removeAttribute("aria-busy");
    }
  }

  putBack() {
    this.grid.replaceChildren(...this.came.cards);
    say(one("p", this.end), this.came.end);
    this.frame(false, this.more.getAttribute("href") !== "#main");
  }

  async put(found, shown, turn) {
    const cards = await cardsOf(this.pointer, found.slice(0, shown).map(([ordinal]) => ordinal));
    if (turn !== this.turn) return;
    const items = cards.map((record, at) => {
      const item = make("li");
      item.append(fillCard(this.model.cloneNode(true), record, this.pointer.colours, found[at][1]));
      return item;
    });
    this.grid.replaceChildren(...items);
    const { of, none } = this.dataset;
    say(one("p", this.end), items.length ? of.replace("{shown}", items.length).replace("{total}", found.length) : none);
    this.frame(true, found.length > items.length);
  }

  /** Shows the parts that belong to a list of our own, or those of the page. */
  frame(own, more) {
    const rest = one(".list-rest", this);
    this.more.hidden = !more;
    for (const part of [this.grid, this.end, one("h2.hidden", this)]) part.hidden = Boolean(rest) && !own;
    for (const part of [rest, one(".pagination", this)]) if (part) part.hidden = own;
  }

  async lengthen(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const before = this.grid.children.length;
    await this.show(this.state, before + STEP);
    const next = this.grid.children[before];
    // Without data the next page is still there.
    if (!next) return location.assign(this.more.href);
    this.note({ shown: this.grid.children.length });
    one("a", next).focus({ preventScroll: true });
  }

  showChips(state) {
    this.chips.replaceChildren(...chipsOf(state, (name, value) => this.panel.word(name, value), this.dataset));
    this.chips.hidden = !this.chips.children.length;
  }

  async drop(button) {
    if (!button) return;
    const at = all("button", this.chips).indexOf(button);
    await this.go(withoutChip(this.state, button.dataset));
    const left = all("button", this.chips);
    (left[Math.min(at, left.length - 2)] || one(this.panel.opener.checkVisibility() ? ".filter-open" : "summary", this.panel)).focus();
  }
}
