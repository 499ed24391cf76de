// The favourites of a visitor, kept in this browser until an account takes them over (docs/theme.md).

import { isSignedIn } from "./signed-in.js";

const FAVOURITES = "twocomms:favourites";
const LIKED = /(?:^|; )liked=([^;]*)/;
const LIKED_WORD = /^(?=[^.]{1,40}\.)([a-z\d]+(?:-[a-z\d]+)*)\.(-?[1-9]\d{0,14})$/;

/** Everything remembered: product to moment, negative for what was taken out. */
export function listed() {
  try {
    return JSON.parse(localStorage.getItem(FAVOURITES)) || {};
  } catch {
    return {};
  }
}

function keep(items) {
  try {
    localStorage.setItem(FAVOURITES, JSON.stringify(items));
    return true;
  } catch {
    return false;
  }
}

/** Whether a product is among them. */
export function isFavourite(slug) {
  return listed()[slug] > 0;
}

/** Puts a product in or takes it out; one that was taken out stays as a tombstone. Answers whether this browser keeps that. */
export function turnFavourite(slug) {
  const now = Date.now();
  const kept = keep({ ...listed(), [slug]: isFavourite(slug) ? -now : now });
  if (kept && isSignedIn()) joinFavourites();
  return kept;
}

/** Takes a product out here too, where a form takes it out: the clock of this browser may run ahead of the sidecar's. */
export function forgetFavourite(slug) {
  if (isFavourite(slug)) keep({ ...listed(), [slug]: -Math.max(Date.now(), listed()[slug] + 1) });
}

/** The products that are in, the last one first. */
export function liked() {
  return Object.entries(listed()).filter(([, changed]) => changed > 0).sort((one, other) => other[1] - one[1]).map(([slug]) => slug);
}

function hearWord(items, slug, changed) {
  if (Math.abs(changed) > Math.abs(items[slug] || 0)) items[slug] = changed;
}

/** Lets words about names that products have left be about those they have; of two words the later one counts. */
export function renameFavourites(renamed) {
  const items = listed();
  for (const [old, now] of Object.entries(renamed)) {
    hearWord(items, now, items[old]);
    delete items[old];
  }
  // A browser that stores nothing keeps showing what it knew.
  keep(items);
}

/** Joins this browser's list and the account's, here and there; answers whether that worked. */
export async function joinFavourites() {
  try {
    const answer = await fetch("/api/v1/favourites", {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ items: listed() }),
    });
    return answer.ok && keep((await answer.json()).items);
  } catch {
    return false;
  }
}

// What was pressed before scripts came, or without them, the sidecar has written into a cookie.
const [, likedWords] = LIKED.exec(document.cookie) || [];
if (likedWords) {
  const items = listed();
  for (const word of likedWords.split("~")) {
    const [, slug, changed] = LIKED_WORD.exec(word) || [];
    if (slug) hearWord(items, slug, Number(changed));
  }
  if (keep(items)) document.cookie = "liked=; Path=/; Max-Age=0";
}
