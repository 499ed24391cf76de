import { fillCard } from "../lib/card.js";
import { make, one, say } from "../lib/dom.js";
import { readList } from "../lib/list-state.js";
import { plural } from "../lib/plural.js";
import { SearchClient } from "../lib/search-client.js";
import { showValues } from "../lib/search-values.js";
import { scriptAddress } from "../lib/trusted.js";

const FIRST = 24;
const TYPING_PAUSE = 250;
const STANDS = 1500;
const MISSES = "/api/v1/search-misses";

/** The search page: answers while one types, keeps its question in the address, tells aloud how many there are. */
export class SearchResults extends HTMLElement {
  connectedCallback() {
    this.form = one("form", this);
    this.input = one("input", this.form);
    this.count = one(".search-count", this);
    this.grid = one(".card-grid", this);
    this.near = one(".search-near", this);
    this.more = one(".search-more", this);
    this.model = one(".product-card", this.grid);
    this.came = { start: this.count.textContent, near: this.near.textContent, cards: [...this.grid.children] };
    this.client = new SearchClient(scriptAddress(this.dataset.worker), this.dataset.pointer);
    this.told = new Set();
    this.form.addEventListener("submit", (event) => {
      // A search that does not load leads to the page that needs none.
      if (this.broken) return;
      event.preventDefault();
      this.go({ q: this.input.value.trim() });
    });
    this.input.addEventListener("input", () => this.soon());
    this.addEventListener("click", (event) => this.click(event));
    this.more.addEventListener("click", () => this.lengthen());
    this.grid.addEventListener("click", () => this.note({ y: scrollY }));
    addEventListener("popstate", () => this.take());
    this.take();
  }

  get asked() {
    const said = new URLSearchParams(location.search);
    return { query: (said.get("q") || "").trim(), wish: readList(said) };
  }

  note(more) {
    history.replaceState({ ...history.state, ...more }, "");
  }

  /** Shows what the address says. */
  async take() {
    this.input.value = this.asked.query;
    const y = history.state?.y;
    await this.show(history.state?.shown || FIRST);
    if (y) scrollTo(0, y);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go({ q: this.input.value.trim() }, true), TYPING_PAUSE);
  }

  /** Asks something else: a new entry of the history, or the same one while one types. */
  go(changes, typing = false) {
    clearTimeout(this.timer);
    const said = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) said.set(name, value);
      else said.delete(name);
    }
    if ("q" in changes && changes.q !== this.asked.query) for (const name of ["category", "colour"]) said.delete(name);
    const address = location.pathname + (said.size ? `?${said}` : "");
    if (address !== location.pathname + location.search) history[typing ? "replaceState" : "pushState"](null, "", address);
    this.show(FIRST);
  }

  click(event) {
    const link = event.target.closest("[data-query]");
    const value = event.target.closest(".search-values button");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.input.value = link.dataset.query;
      this.go({ q: link.dataset.query });
      this.scrollIntoView();
    } else if (value) {
      const group = value.parentElement.dataset.filter;
      this.go({ [group]: value.getAttribute("aria-pressed") === "true" ? "" : value.value });
    }
  }

  async show(shown) {
    const { query, wish } = this.asked;
    const { dataset } = this;
    if (!query) return this.putBack();
    document.title = dataset.title.replace("{}", () => query);
    this.grid.setAttribute("aria-busy", "true");
    const found = await this.client.ask(query, shown, wish);
    if (!found) return;
    this.grid.removeAttribute("aria-busy");
    this.broken = Boolean(found.failed || !this.model);
    if (this.broken) return say(this.count, dataset.failed);
    const read = found.readAs && found.whole ? `. ${dataset.readAs.replace("{}", () => found.readAs)}` : "";
    say(this.count, found.whole ? plural(dataset.found, found.total) + read : dataset.none.replace("{}", () => query));
    say(this.near, found.products.length ? dataset.near : this.came.near);
    this.near.hidden = found.whole;
    showValues(this, found, wish);
    one(".search-narrow", this).hidden = !found.whole;
    this.dataset.whole = String(found.whole);
    this.put(found);
    this.more.hidden = found.products.length >= found.total;
    if (!found.whole) this.tellMiss(query);
  }

  putBack() {
    say(this.count, this.came.start);
    say(this.near, this.came.near);
    this.near.hidden = false;
    this.grid.replaceChildren(...this.came.cards);
    this.more.hidden = one(".search-narrow", this).hidden = true;
    delete this.dataset.whole;
  }

  put({ products, names }) {
    const items = products.map(([card, shade]) => {
      const item = make("li");
      item.append(fillCard(this.model.cloneNode(true), card, names.colour, shade));
      return item;
    });
    this.grid.replaceChildren(...(items.length ? items : this.came.cards));
  }

  async lengthen() {
    const before = this.grid.children.length;
    await this.show(before + FIRST);
    this.note({ shown: this.grid.children.length });
    one("a", this.grid.children[before] || this.grid)?.focus({ preventScroll: true });
  }

  /** What was looked for in vain, once it stood for a moment: the shop counts it without knowing whose it was. */
  tellMiss(query) {
    setTimeout(() => {
      if (this.asked.query !== query || this.told.has(query)) return;
      this.told.add(query);
      const said = JSON.stringify({ query: query.slice(0, 80), lang: document.documentElement.lang });
      navigator.sendBeacon?.(MISSES, new Blob([said], { type: "application/json" }));
    }, STANDS);
  }
}
