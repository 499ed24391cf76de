import { liveStock } from "./api.js";

const FRESH = 60_000;
const LIVE = { figures: {}, seen: -FRESH, asked: null };

/** Price and stock of every SKU of this page's product, at most a minute old; nothing when they cannot be had. */
export async function liveFigures(address) {
  if (Date.now() - LIVE.seen > FRESH) {
    LIVE.asked ??= ask(address);
    await LIVE.asked;
  }
  return LIVE.figures;
}

async function ask(address) {
  try {
    LIVE.figures = await liveStock(address);
    LIVE.seen = Date.now();
  } catch {
    // Figures of more than a minute ago may strike nothing out.
    LIVE.figures = {};
  }
  LIVE.asked = null;
}

/** The cart has just refused this SKU: its word is newer than any figure. */
export function markSoldOut(sku) {
  LIVE.figures[sku] = { ...LIVE.figures[sku], left: 0 };
  LIVE.seen = Date.now();
}
