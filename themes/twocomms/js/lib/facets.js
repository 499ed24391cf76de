// Which products match, and how many would: columns of numbers in, one pass over them.

/** The columns of a facets file, ready for `lookUp`. */
export function readFacets(file) {
  const rows = file.colour.length;
  const starts = new Int32Array(file.rows.length + 1);
  file.rows.forEach((count, at) => (starts[at + 1] = starts[at] + count));
  const price = summed(file.price, rows);
  const cheapest = Int32Array.from(file.rows, (count, at) => Math.min(...price.subarray(starts[at], starts[at + 1])));
  const { categories, colours, sizes, fits } = file;
  return {
    names: { category: categories, colour: colours, size: sizes, fit: fits },
    ordinal: summed(file.ordinal, file.ordinal.length),
    category: Uint16Array.from(file.category),
    colour: Uint16Array.from(file.colour),
    offers: Int32Array.from(file.offers, (place) => file.masks[place]),
    starts,
    price,
    cheapest,
  };
}

/** What matches `wish` ({category, colour, size, fit: lists of names; from, to: hryvnias or null; available; sort}):
 * `found` are [ordinal, colour to show or none] in order, `counts` how many each value would show. */
export function lookUp(table, wish) {
  const { names, starts, colour, price, offers } = table;
  const chosen = Object.fromEntries(Object.keys(names).map((group) => [group, flags(names[group], wish[group])]));
  const bit = (size, fit) => 1 << (size * names.fit.length + fit);
  const ofSizes = names.size.map((_, size) => names.fit.reduce((bits, _, fit) => (chosen.fit?.[fit] ?? 1 ? bits | bit(size, fit) : bits), 0));
  const ofFits = names.fit.map((_, fit) => names.size.reduce((bits, _, size) => (chosen.size?.[size] ?? 1 ? bits | bit(size, fit) : bits), 0));
  const wanted = ofSizes.reduce((bits, own, size) => (chosen.size?.[size] ?? 1 ? bits | own : bits), 0);
  const choosy = chosen.colour || chosen.size || chosen.fit || wish.available;
  const low = wish.from === null ? 0 : wish.from * 100;
  const high = wish.to === null ? Infinity : wish.to * 100;
  const counts = Object.fromEntries(Object.entries(names).map(([group, values]) => [group, values.map(() => 0)]));
  counts.available = [0];
  const found = [];
  const seen = new Int32Array(names.colour.length).fill(-1);
  for (let at = 0; at < table.ordinal.length; at += 1) {
    const here = chosen.category?.[table.category[at]] ?? 1;
    let match = -1;
    let reach = 0;
    let onSale = 0;
    for (let row = starts[at]; row < starts[at + 1]; row += 1) {
      if (price[row] < low || price[row] > high) continue;
      const hit = offers[row] & wanted;
      if (here && hit && seen[colour[row]] !== at) {
        seen[colour[row]] = at;
        counts.colour[colour[row]] += 1;
      }
      if (!(chosen.colour?.[colour[row]] ?? 1)) continue;
      reach |= offers[row];
      onSale |= hit;
      if (match < 0 && (hit || !choosy)) match = row;
    }
    if (match >= 0) counts.category[table.category[at]] += 1;
    if (!here) continue;
    if (onSale) counts.available[0] += 1;
    for (let size = 0; size < ofSizes.length; size += 1) if (reach & ofSizes[size]) counts.size[size] += 1;
    for (let fit = 0; fit < ofFits.length; fit += 1) if (reach & ofFits[fit]) counts.fit[fit] += 1;
    if (match >= 0) found.push([at, chosen.colour ? names.colour[colour[match]] : ""]);
  }
  const way = { price: 1, "-price": -1 }[wish.sort] || 0;
  found.sort(([a], [b]) => way * (table.cheapest[a] - table.cheapest[b]) || b - a);
  return { counts, found: found.map(([at, shade]) => [table.ordinal[at], shade]) };
}

function flags(names, wanted) {
  const own = names.map((name) => Number(wanted.includes(name)));
  return own.includes(1) ? own : null;
}

function summed(steps, length) {
  const sums = new Int32Array(length);
  let sum = 0;
  for (let at = 0; at < length; at += 1) sums[at] = sum += steps[at];
  return sums;
}
