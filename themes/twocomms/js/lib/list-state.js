// What a list is narrowed to and sorted by, in the address of its page. The names are those of the API and of /find/.

export const SEVERAL = ["category", "colour", "size", "fit"];

/** The state that a query or a form says. */
export function readList(given) {
  const number = (name) => (/^\d{1,7}$/.test(given.get(name)) ? Number(given.get(name)) : null);
  return {
    ...Object.fromEntries(SEVERAL.map((name) => [name, given.getAll(name)])),
    from: number("from"),
    to: number("to"),
    available: given.get("available") === "1",
    sort: ["price", "-price"].includes(given.get("sort")) ? given.get("sort") : "new",
  };
}

/** The query of a state: nothing for a plain list. */
export function writeList(state) {
  const said = new URLSearchParams(SEVERAL.flatMap((name) => state[name].map((value) => [name, value])));
  for (const name of ["from", "to"]) if (state[name] !== null) said.set(name, state[name]);
  if (state.available) said.set("available", "1");
  if (state.sort !== "new") said.set("sort", state.sort);
  const query = String(said);
  return query && `?${query}`;
}
