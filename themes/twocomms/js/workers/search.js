import { cardsOf, dataFile, forgetDataFiles } from "../lib/catalogue.js";
import { lookUp, readFacets } from "../lib/facets.js";
import { findProducts } from "../lib/search-match.js";
import { SearchTerms } from "../lib/search-terms.js";
import { readWords, readyRules } from "../lib/search-words.js";

// Search away from the page: asked with {id, pointer, query, count, wish}, answers under the same id. `wish` is what the list is
// narrowed to (lib/facets.js), null for suggestions, which need no columns.

let opened = null;

/** The words of the catalogue behind a pointer, read once. */
async function openWords(address) {
  const pointer = await dataFile(address);
  if (opened?.pointer === pointer) return opened;
  const head = await dataFile(pointer.search);
  const rules = readyRules(head.rules);
  const meant = (names) => Object.entries(names).map(([slug, name]) => [slug, [slug, [name].flat()[0]].map((text) => readWords(text, rules).map((word) => word.stem))]);
  opened = {
    pointer,
    rules,
    weights: head.weights,
    terms: new SearchTerms(head, dataFile),
    sections: meant(pointer.categories),
    colours: meant(pointer.colours),
  };
  return opened;
}

/** The slugs that a query calls by their slug or by their name. */
function called(names, stems) {
  return names.filter(([, spellings]) => spellings.some((words) => words.length && words.every((word) => stems.has(word)))).map(([slug]) => slug);
}

/** The part of a table whose ordinals `wanted` has. */
function onlyOf(table, wanted) {
  const kept = [...table.ordinal.keys()].filter((at) => wanted.has(table.ordinal[at]));
  const rows = kept.flatMap((at) => Array.from({ length: table.starts[at + 1] - table.starts[at] }, (_, row) => table.starts[at] + row));
  const starts = Int32Array.from([0, ...kept]);
  kept.forEach((at, place) => (starts[place + 1] = starts[place] + table.starts[at + 1] - table.starts[at]));
  const columns = { ordinal: kept, category: kept, cheapest: kept, colour: rows, price: rows, offers: rows };
  const cut = Object.entries(columns).map(([name, places]) => [name, Int32Array.from(places, (at) => table[name][at])]);
  return { names: table.names, starts, ...Object.fromEntries(cut) };
}

async function answer({ pointer: address, query, count, wish }) {
  const { pointer, rules, weights, terms, sections, colours } = await openWords(address);
  const { ordinals, whole, readAs, stems } = await findProducts(query, terms, rules, weights);
  const shades = called(colours, stems);
  const place = new Map(ordinals.map((ordinal, at) => [ordinal, at]));
  let found = ordinals.map((ordinal) => [ordinal, ""]);
  let values = null;
  const columns = wish && (await dataFile(pointer.facets[""]).then(readFacets).catch(() => null));
  // Without the columns there is nothing to narrow by, and all that was found is shown.
  if (columns) {
    const table = onlyOf(columns, place);
    const looked = lookUp(table, wish);
    const sorted = wish.sort !== "new";
    found = sorted ? looked.found : looked.found.sort(([one], [other]) => place.get(one) - place.get(other));
    values = Object.fromEntries(["category", "colour"].map((group) => [group, table.names[group].map((slug, at) => [slug, looked.counts[group][at]])]));
  }
  const shown = found.slice(0, count);
  const cards = await cardsOf(pointer, shown.map(([ordinal]) => ordinal));
  return {
    total: found.length,
    matched: ordinals.length,
    whole,
    readAs,
    values,
    sections: called(sections, stems),
    shades,
    names: { category: pointer.categories, colour: pointer.colours },
    products: cards.map((card, at) => [card, shown[at][1] || card.colours.find((colour) => shades.includes(colour.slug))?.slug || ""]),
  };
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ id: data.id, ...(await answer(data)) });
  } catch {
    // An old pointer names files that may be gone: everything is asked for anew, once.
    forgetDataFiles();
    opened = null;
    postMessage(await answer(data).then((said) => ({ id: data.id, ...said }), () => ({ id: data.id, failed: true })));
  }
});
