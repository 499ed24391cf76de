import { all, one } from "./dom.js";

const MORPHED = "picture";

function pathOf(address) {
  return address ? new URL(address, location.href).pathname : "";
}

// The picture on a card that leads to `path`. A product's own page has named its first frame in its styles already.
function cardPicture(path) {
  if (one(".product-gallery-frame")) return null;
  const link = all(".product-card a[href]").find((each) => pathOf(each.href) === path);
  return link && one("img", link.closest(".product-card"));
}

function morph(transition, path) {
  // A transition that is skipped, because somebody was quicker, is no error.
  transition?.ready.catch(() => {});
  transition?.finished.catch(() => {});
  const picture = transition && path && cardPicture(path);
  if (!picture) return;
  picture.style.viewTransitionName = MORPHED;
  const done = () => (picture.style.viewTransitionName = "");
  transition.finished.then(done, done);
}

// The picture of a pressed card grows into that of its page, and back.
addEventListener("pageswap", (event) => morph(event.viewTransition, pathOf(event.activation?.entry?.url)));
addEventListener("pagereveal", (event) => morph(event.viewTransition, pathOf(globalThis.navigation?.activation?.from?.url)));
