// The app's own files for when the network is gone: from the network first. The API's answers are never kept here.
// The server puts two lines before this one: RELEASE, the hash of all files, and FILES, their relative addresses.
const within = new URL("./", self.location.href);
// Another Schediora below another prefix of this host keeps its own.
const OWN = `schediora-${within.pathname}-`;
const CACHE = OWN + RELEASE;
/** A dead network may never answer: so long it is waited for. */
const PATIENCE_MS = 3000;
const paths = new Set(FILES.map((file) => new URL(file, within).pathname));
/** Where the parts of a page come from, by the id of its window: "kept" where it came from here itself, "other" for a release that is not ours. */
const pages = new Map();

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((file) => new Request(new URL(file, within), { cache: "reload" })));
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request, clientId, resultingClientId } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== within.origin || !paths.has(url.pathname)) return;
  event.respondWith(request.mode === "navigate" ? page(request, resultingClientId) : part(request, clientId));
});

/** @param {Request} request */
const kept = async (request) => (await caches.open(CACHE)).match(request, { ignoreSearch: true });

/** The network's answer; null where there is none in time, or none that a page can be made of. @param {Request} request */
async function fresh(request) {
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS, null));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer && answer.status < 500 ? answer : null;
}

/** The page itself; a page and parts of two releases must never meet. The server's tag of a page differs by release. */
async function page(request, id) {
  const own = await kept(request);
  const answer = own ? await fresh(request) : await fetch(request);
  const from = !answer ? "kept" : own && answer.headers.get("ETag") !== own.headers.get("ETag") ? "other" : "";
  if (from) pages.set(id, from);
  return answer ?? own;
}

async function part(request, id) {
  const from = pages.get(id);
  const own = from === "other" ? undefined : await kept(request);
  if (from === "kept" && own) return own;
  return (own ? await fresh(request) : null) ?? own ?? fetch(request);
}
