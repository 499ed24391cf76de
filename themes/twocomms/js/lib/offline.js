import { whenShown } from "./shown.js";
import { scriptAddress } from "./trusted.js";

const CALM = 3000;
let asked = false;

// The worker is for the next visit: it waits until this page has everything it needs.
function registerWorker() {
  const { worker } = document.documentElement.dataset;
  if (asked || !worker || !navigator.serviceWorker) return;
  asked = true;
  navigator.serviceWorker.register(scriptAddress(worker)).catch(() => {
    // Private windows and full disks refuse it, and the shop works as well without.
  });
}

whenShown(() => setTimeout(() => (globalThis.requestIdleCallback || setTimeout)(registerWorker), CALM));
