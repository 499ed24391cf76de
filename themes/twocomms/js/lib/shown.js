// When a person really looks at the page: browsers open pages ahead of the press, and bring them back whole afterwards.

/** Calls `shown` when the page is looked at: at once, or when a page that was opened ahead is turned to, and after "back". */
export function whenShown(shown) {
  if (document.prerendering) document.addEventListener("prerenderingchange", shown, { once: true });
  else shown();
  addEventListener("pageshow", (event) => event.persisted && shown());
}
