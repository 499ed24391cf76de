import { one, say } from "../lib/dom.js";

/** Gives the address of this page to another program, or to the clipboard, and says so. */
export class ShareLink extends HTMLElement {
  connectedCallback() {
    one("button", this).addEventListener("click", () => this.share());
  }

  async share() {
    const url = location.href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url });
      else {
        await navigator.clipboard.writeText(url);
        say(one("[role=status]", this), this.dataset.done);
      }
    } catch {
      // The visitor changed their mind.
    }
  }
}
