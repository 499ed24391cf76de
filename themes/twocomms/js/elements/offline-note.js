import { make, one } from "../lib/dom.js";

const BETWEEN = 4000;

/** What stands in for a page while there is no network: it opens again by itself, and meanwhile names what was looked at. */
export class OfflineNote extends HTMLElement {
  connectedCallback() {
    addEventListener("online", () => this.again());
    // Whoever pressed a link is on the way to its page: opening this one again would take them back.
    addEventListener("beforeunload", () => (this.left = true));
    addEventListener("pageshow", () => (this.left = false));
    // By its own address the note stands in for nothing.
    if (!location.pathname.endsWith("/offline.html")) setInterval(() => this.look(), BETWEEN);
    const names = this.names();
    one("ul", this).replaceChildren(...names.map((textContent) => make("li", { textContent })));
    this.hidden = !names.length;
  }

  // "online" is said once, often before anything can be reached, and never when it was the shop that was away.
  async look() {
    const answer = navigator.onLine && (await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null));
    if (answer?.status < 500) this.again();
  }

  again() {
    if (!this.left) location.reload();
  }

  // Names only: a price from yesterday would be no price.
  names() {
    try {
      return JSON.parse(localStorage.getItem("twocomms:seen")).map((each) => each.name);
    } catch {
      return [];
    }
  }
}
