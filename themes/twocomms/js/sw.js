// The service worker. Pages come from the network, always: without it there is the offline page, never an old price or cart.
// `self.BUILD` is set by /sw.js: the cache's name, the offline page of each language, its files, the paths that are not ours.

const { off, name, pages, files, untouched } = self.BUILD;
const SEEN_FILES = "seen";
const MOST_FILES = 80;
const PATIENCE = 10_000;
const HASHED = /^\/(?:assets|images)\/.*[0-9a-f]{8,}[^/]*$/;
const PERSONAL = new RegExp(untouched);

async function keepOffline() {
  const cache = await caches.open(name);
  // Past the browser's own cache, which may hold the page of the build before.
  const fresh = Object.values(pages).map((page) => new Request(page, { cache: "reload" }));
  await cache.addAll([...fresh, ...files]);
}

async function forgetOthers() {
  const kept = off ? [] : [name, SEEN_FILES];
  const others = (await caches.keys()).filter((each) => !kept.includes(each));
  await Promise.all(others.map((each) => caches.delete(each)));
  if (off) await self.registration.unregister();
}

function later() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE));
}

async function fromNetwork(request, path) {
  try {
    return await Promise.race([fetch(request), later()]);
  } catch {
    const [first, ...others] = Object.keys(pages);
    const lang = others.find((each) => path.startsWith(`/${each}/`)) || first;
    return (await caches.match(pages[lang])) || Response.error();
  }
}

async function fromCache(event) {
  const kept = await caches.match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.status === 200) event.waitUntil(remember(event.request, answer.clone()));
  return answer;
}

async function remember(request, answer) {
  const cache = await caches.open(SEEN_FILES);
  await cache.put(request, answer);
  const known = await cache.keys();
  await Promise.all(known.slice(0, Math.max(0, known.length - MOST_FILES)).map((each) => cache.delete(each)));
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  if (!off) event.waitUntil(keepOffline());
});

self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (off || request.method !== "GET" || origin !== self.location.origin || PERSONAL.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(fromNetwork(request, pathname));
  else if (HASHED.test(pathname) && !request.headers.has("range")) event.respondWith(fromCache(event));
});
