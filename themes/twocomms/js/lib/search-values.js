import { all, make } from "./dom.js";

/** Shows in each `.search-values` of `page` the sections or colours among what was found, with how many each would show. */
export function showValues(page, { values, names }, wish) {
  for (const group of all(".search-values", page)) {
    const { filter } = group.dataset;
    const there = (values?.[filter] || []).filter(([slug, count]) => count || wish[filter].includes(slug));
    const buttons = there.map(([slug, count]) => valueButton(slug, [names[filter][slug]].flat()[0], count, wish[filter].includes(slug)));
    const focused = group.contains(document.activeElement) && document.activeElement.value;
    group.replaceChildren(...buttons);
    buttons.find((button) => button.value === focused)?.focus();
    group.hidden = there.length < 2 && !wish[filter].length;
  }
}

function valueButton(value, name, count, pressed) {
  const button = make("button", { type: "button", value, textContent: `${name} ` });
  button.append(make("span", { textContent: count }));
  button.setAttribute("aria-pressed", String(pressed));
  return button;
}
