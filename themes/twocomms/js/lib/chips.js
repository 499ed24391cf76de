import { make } from "./dom.js";
import { readList, SEVERAL } from "./list-state.js";

/** A button for each thing a list is narrowed to, and one for all. `wordOf` gives the words of a value; `words` are those
 * of the list: remove, clear, range, rangeFrom, rangeTo. */
export function chipsOf(state, wordOf, words) {
  const chosen = SEVERAL.flatMap((name) => state[name].map((value) => [name, value, wordOf(name, value)]));
  if (state.available) chosen.push(["available", "1", wordOf("available", "1")]);
  if (state.from !== null || state.to !== null) {
    const range = state.from === null ? words.rangeTo : state.to === null ? words.rangeFrom : words.range;
    chosen.push(["price", "", range.replace("{from}", state.from).replace("{to}", state.to)]);
  }
  const chips = chosen.filter(([, , word]) => word).map(([name, value, word]) => chip(word, `${words.remove} ${word}`, { name, value }));
  return chips.length ? [...chips, chip(words.clear, words.clear, { name: "all" })] : [];
}

/** The state without what a chip stands for. */
export function withoutChip(state, { name, value }) {
  if (name === "all") return { ...readList(new URLSearchParams()), sort: state.sort };
  if (name === "price") return { ...state, from: null, to: null };
  if (name === "available") return { ...state, available: false };
  return { ...state, [name]: state[name].filter((each) => each !== value) };
}

function chip(word, label, data) {
  const item = make("li");
  const button = make("button", { type: "button", textContent: word, ariaLabel: label });
  Object.assign(button.dataset, data);
  item.append(button);
  return item;
}
