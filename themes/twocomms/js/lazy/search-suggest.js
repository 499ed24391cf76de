import { all, make, one, say } from "../lib/dom.js";
import { money } from "../lib/money.js";
import { plural } from "../lib/plural.js";
import { SearchClient } from "../lib/search-client.js";

const SUGGEST_PAUSE = 120;
const PRODUCTS = 6;
const SECTIONS = 3;

/** Suggestions under the field of the header: a combobox with a list of links, fetched when the field is first gone to. */
class SearchSuggest {
  constructor(box) {
    this.box = box;
    this.input = one("input", box);
    this.client = new SearchClient(box.script, box.dataset.pointer);
    this.list = make("div", { className: "search-list", id: "search-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", box.dataset.suggestions);
    this.status = make("p", { className: "hidden" });
    this.status.setAttribute("role", "status");
    const said = { role: "combobox", "aria-expanded": "false", "aria-controls": "search-list", "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value);
    one("form", box).append(this.list, this.status);
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("focus", () => this.soon());
    box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || this.close());
    // A press must not take the focus from the field: the list would close under it.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.soon();
  }

  get options() {
    return all("[role=option]", this.list);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), SUGGEST_PAUSE);
  }

  async suggest() {
    const query = this.input.value.trim();
    if (!query) return this.close();
    const found = await this.client.ask(query, PRODUCTS);
    if (!found || found.failed || this.box.ownerDocument.activeElement !== this.input) return;
    const options = [...this.sections(query, found), ...found.products.map(([card, shade]) => this.product(card, shade))];
    if (!options.length) return this.close();
    const rest = this.option(`${this.box.dataset.page}?q=${encodeURIComponent(query)}`, "search-option-all");
    rest.append(this.box.dataset.all, found.whole ? ` (${found.total})` : "");
    options.push(rest);
    options.forEach((option, at) => (option.id = `search-option-${at}`));
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
    say(this.status, plural(this.box.dataset.suggested, options.length));
  }

  /** Where all of it stands: the section or colour that the query names, else the sections its products stand in. */
  sections(query, { sections, shades, names, products }) {
    const { catalog, page, inSection, section, colour } = this.box.dataset;
    const worn = (slug, shade) => products.some(([card]) => card.category === slug && card.colours.some((each) => each.slug === shade));
    const there = [...new Set(products.map(([card]) => card.category))];
    const [shade] = shades;
    const pages = shade
      ? (sections.length ? sections : there).filter((slug) => worn(slug, shade)).map((slug) => [`${catalog}${slug}/${shade}/`, `${names.category[slug]}, ${names.colour[shade][0]}`, colour])
      : sections.map((slug) => [`${catalog}${slug}/`, names.category[slug], section]);
    const scopes = pages.length || there.length < 2 ? [] : there.map((slug) => [`${page}?q=${encodeURIComponent(query)}&category=${slug}`, query, inSection.replace("{}", names.category[slug])]);
    return [...pages, ...scopes].slice(0, SECTIONS).map(([address, words, note]) => {
      const option = this.option(address, "search-option-words");
      option.append(make("span", { textContent: words }), " ", make("span", { className: "search-option-note", textContent: note }));
      return option;
    });
  }

  product(card, shade) {
    const at = Math.max(0, card.colours.findIndex((colour) => colour.slug === shade));
    const face = card.colours[at];
    const option = this.option(at ? `${card.path}${face.slug}/` : card.path, "search-option-product");
    const [key] = face.pictures || [];
    if (key) {
      const picture = make("picture");
      picture.append(make("source", { type: "image/avif", srcset: `/images/${key}-400.avif` }), make("img", { src: `/images/${key}-600.jpg`, width: 48, height: 60, alt: "" }));
      option.append(picture);
    }
    const price = shade || !card.from ? money(face.price) : `${this.box.dataset.from} ${money(card.price)}`;
    option.append(make("span", { textContent: card.name }), " ", make("span", { className: "search-option-price", textContent: price }));
    return option;
  }

  option(address, kind) {
    const option = make("a", { href: address, className: `search-option ${kind}`, tabIndex: -1 });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    return option;
  }

  press(event) {
    const open = !this.list.hidden;
    const at = this.options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (open) this.choose(at < 0 && step < 0 ? this.options.length - 1 : at + step);
      else this.soon();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      this.options[at].click();
    }
  }

  /** Marks an option; stepping past either end leads back to what was typed. */
  choose(at) {
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const option = this.options[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    say(this.status, "");
  }
}

for (const box of all("search-box")) box.suggest = new SearchSuggest(box);
