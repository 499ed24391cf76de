// The one policy of Trusted Types (`trusted-types twocomms` in the page's CSP): addresses of our own scripts, and no HTML at all.

import { make } from "./dom.js";

const OWN_SCRIPT = /^\/(?:sw|assets\/[\w-]+)\.js$/;

function ownScript(address) {
  if (!OWN_SCRIPT.test(address)) throw new TypeError(`${address} is no script of this shop`);
  return address;
}

const scripts = globalThis.trustedTypes?.createPolicy("twocomms", { createScriptURL: ownScript });

/** The address of a script of ours, as `new Worker()` and `serviceWorker.register()` want it: `/sw.js` or `/assets/….js`. */
export function scriptAddress(address) {
  return scripts ? scripts.createScriptURL(address) : ownScript(address);
}

/** Fetches a script of ours, named by `more` and the digest of its text, and runs it; when it cannot be had nothing happens. */
export function fetchScript({ more, integrity }) {
  document.head.append(make("script", { src: scriptAddress(more), integrity: integrity ?? "", async: true }));
}
