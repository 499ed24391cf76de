import { isSignedIn } from "../lib/signed-in.js";
import { whenShown } from "../lib/shown.js";

/** Two words of one width: "sign in", or "account" for a browser that carries the hint of a session. */
export class AccountLink extends HTMLElement {
  connectedCallback() {
    whenShown(() => this.toggleAttribute("data-in", isSignedIn()));
  }
}
