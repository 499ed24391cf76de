// The directory of the carrier, and what a chosen point costs.

const PLACES = "/api/v1/delivery/";

class NotTaken extends Error {}

async function answered(request) {
  const answer = await request;
  const given = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new NotTaken(), { fields: given.fields });
  return given;
}

function list(path, values) {
  // By the browser's own cache: the same letters are typed again and again.
  return answered(fetch(`${PLACES}${path}?${new URLSearchParams({ ...values, lang: document.documentElement.lang })}`));
}

const SHOWN = 10;
let biggest;

/** The biggest cities as the site was built with them, fetched once; none where it was built without. */
function biggestCities() {
  biggest ??= fetch("/data/cities.json")
    .then((answer) => (answer.ok ? answer.json() : []))
    .catch(() => []);
  return biggest;
}

/** Small letters and digits, with a space before each word, so that one search finds the beginnings of words. */
function folded(text) {
  const words = text.toLowerCase().replace(/['’ʼ`]/g, "").replace(/[^\p{L}\d]+/gu, " ");
  return ` ${words.trim()}`;
}

/** Big cities by a part of any of their names, without asking anybody; the sidecar, asked later, knows all and every spelling. */
export async function topCities(typed) {
  const wanted = folded(typed);
  const place = document.documentElement.lang === "uk" ? 0 : 1;
  const found = [];
  for (const [token, ...words] of await biggestCities()) {
    const names = [words[0], words[1], ...words.slice(4)].map(folded);
    const begins = names.some((name) => name.startsWith(wanted));
    if (begins || names.some((name) => name.includes(wanted))) found.push({ token, name: words[place], area: words[2 + place], begins });
  }
  return found.sort((one, other) => other.begins - one.begins).slice(0, SHOWN);
}

/** Cities by a part of their name. */
export function searchCities(typed) {
  return list("cities", { q: typed });
}

/** Points of a city by number or street. */
export function pointsOf(city, typed) {
  return list("branches", { city, q: typed });
}

/** Totals, days and ways to pay for a delivery. */
export function quoteFor(delivery, payment) {
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  return answered(fetch("/api/v1/checkout/quote", { method: "POST", headers, body: JSON.stringify({ delivery, payment: payment ?? undefined }) }));
}
