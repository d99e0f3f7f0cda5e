// The app's own files for when the network is gone: always from the network first. The API's answers are never kept here.
// The server puts two lines before this one: RELEASE, the hash of all files, and FILES, their relative addresses.
const CACHE = `schediora-${RELEASE}`;
const within = new URL("./", self.location.href);

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
    const old = (await caches.keys()).filter((name) => name.startsWith("schediora-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const known = FILES.some((file) => new URL(file, within).pathname === url.pathname);
  if (event.request.method !== "GET" || url.origin !== within.origin || !known) return;
  const kept = async () => (await caches.match(event.request, { ignoreSearch: true })) ?? Response.error();
  event.respondWith(fetch(event.request).catch(kept));
});
