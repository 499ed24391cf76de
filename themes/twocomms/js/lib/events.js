// The names by which elements tell each other what happened, and the one way to say it.

export const CART_CHANGED = "cart:changed";
export const CART_ADDED = "cart:added";
export const FILTERS_CHANGED = "filters:changed";
export const FILTERS_WANTED = "filters:wanted";
export const SIZE_SHOWN = "size:shown";
export const PICTURE_OPENED = "picture:opened";

/** Tells the whole page. */
export function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Listens on the whole page. */
export function hear(name, heard) {
  document.addEventListener(name, (event) => heard(event.detail));
}
