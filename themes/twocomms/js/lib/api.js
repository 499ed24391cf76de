// The one door to the sidecar.

const LINES = "/api/v1/cart/lines";

/** An answer that is not a success: `code`, `detail` (a sentence) and `fields` are those of its problem document. */
export class Refused extends Error {
  constructor(status, { code, detail, fields }) {
    super(`${status} ${code}`);
    Object.assign(this, { status, code, detail, fields });
  }
}

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    // Figures of the browser's own cache may be too old to strike a size out.
    cache: "no-cache",
    // The page's language, not the browser's: names in the drawer should read like the page behind it.
    headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...(body ? { "Content-Type": "application/json" } : {}) },
    body: body && JSON.stringify(body),
  });
  const given = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, given);
  return given;
}

/** Adds pieces of a SKU; answers with the whole cart. */
export function addLine(sku, quantity) {
  return call("POST", LINES, { sku, quantity });
}

/** Sets the quantity of a line; answers with the whole cart. */
export function changeLine(id, quantity) {
  return call("PATCH", `${LINES}/${id}`, { quantity });
}

/** Takes a line out; answers with the whole cart. */
export function removeLine(id) {
  return call("DELETE", `${LINES}/${id}`);
}

/** Price and what is left of every SKU of a product: `{sku: {price, old_price, left}}`. */
export function liveStock(address) {
  return call("GET", address);
}

/** Remembers who wants to hear of a sold-out SKU: `{sku, email or phone, lang}`. */
export function askRestock(wish) {
  return call("POST", "/api/v1/restock", wish);
}
