import { one, say } from "../lib/dom.js";
import { CART_CHANGED, tell } from "../lib/events.js";

/** The page as it is after a form was posted: the same answer that a browser without scripts is led to. */
function post(form, button) {
  return new Promise((done) => {
    const call = new XMLHttpRequest();
    call.open("POST", form.action);
    call.responseType = "document";
    call.onload = () => done(call.response);
    call.onerror = () => done(null);
    call.send(new URLSearchParams(new FormData(form, button)));
  });
}

/** Changes the cart in place: what is chosen is saved at once, and the page's own answer takes the place of the page. */
export class CartPage extends HTMLElement {
  connectedCallback() {
    this.saved = Promise.resolve();
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save(event.target, event.submitter);
    });
    this.addEventListener("change", (event) => event.target.matches(".cart-line-form *") && this.save(event.target.form));
    this.addEventListener("click", (event) => this.leave(event));
  }

  /** One after the other: the next change starts from what the last one left. */
  save(form, button) {
    const body = one(".cart-body", this);
    body.setAttribute("aria-busy", "true");
    this.saved = this.saved.then(() => this.change(form, button));
  }

  async change(form, button) {
    const line = new FormData(form).get("line");
    const now = line && one(`[data-line="${line}"]`, this);
    // A line that was taken out while this waited can be changed no more.
    if (line && !now) return one(".cart-body", this).removeAttribute("aria-busy");
    // One more is one more than the press before has left.
    const fresh = button?.name === "step" ? one(`[name=step][value="${button.value}"]`, now) : button;
    this.show(await post(fresh?.form || form, fresh));
  }

  /** Whoever goes on to the checkout takes the last change along. */
  leave(event) {
    const link = event.target.closest("a");
    if (!link || !one("[aria-busy]", this) || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.saved.then(() => location.assign(link.href));
  }

  show(answer) {
    const said = one(".cart-said", this);
    const body = one(".cart-body", this);
    const fresh = answer && one(".cart-body", answer);
    if (!fresh) {
      // A refusal has a page of its own: its sentence is enough here.
      body.removeAttribute("aria-busy");
      say(said, (answer && one("main p", answer)?.textContent) || this.dataset.failed);
      said.classList.remove("hidden");
      return;
    }
    const held = document.activeElement?.id;
    body.replaceWith(document.adoptNode(fresh));
    (one("[data-focus]", fresh) || (held ? document.getElementById(held) : null))?.focus();
    said.classList.add("hidden");
    say(said, [...fresh.querySelectorAll(".notices, .cart-undo p, .field-error")].map((news) => news.textContent.trim()).concat(fresh.dataset.said).join(" "));
    tell(CART_CHANGED);
  }
}
