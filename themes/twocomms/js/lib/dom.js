// Small helpers over the document; nothing here builds HTML from strings.

/** The first element that matches, below `root`. */
export function one(selector, root = document) {
  return root.querySelector(selector);
}

/** All elements that match, below `root`. */
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)];
}

/** Writes text into an element that may not be on this page. */
export function say(element, text) {
  if (element) element.textContent = text;
}

/** Lets an element say a text; one that says it already is not laid out anew. */
export function keepSaying(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A new element with these properties. */
export function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

/** Calls `read` once the whole page is there: a script may come while the browser still reads it. */
export function whenRead(read) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", read, { once: true });
  else read();
}

/** Registers a custom element, which finds its whole content there. */
export function define(name, element) {
  whenRead(() => customElements.define(name, element));
}
