// Shows the field page without a connection: the page as it was last, with its scripts and styles. Photos are the page's own matter.
"use strict";
const CACHE = "touchstone-field";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));

// The page says what it consists of; what an earlier version left goes.
self.addEventListener("message", event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  const wanted = event.data.map(x => new URL(x, location.origin).href);
  const version = wanted.find(x => x.includes("/assets/")).split("/").slice(0, 5).join("/");
  for (const request of await cache.keys()) if (!wanted.includes(request.url) && !request.url.startsWith(version)) await cache.delete(request);
  await Promise.all(wanted.map(async x => { if (!(await cache.match(x))) await keep(cache, x, await fetch(x)); }));
})()));

async function keep(cache, key, response) {
  // What is not to be stored is stored nowhere; the field page says of itself that it may be.
  if (/\bno-store\b/i.test(response.headers.get("Cache-Control") ?? "")) return response;
  if (response.ok && !response.redirected && response.type === "basic") await cache.put(key, response.clone());
  return response;
}

async function page(request) {
  const cache = await caches.open(CACHE);
  const key = new URL("/field", location.origin).href;
  try {
    return await keep(cache, key, await fetch(request));
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? keep(cache, request, await fetch(request));
}

self.addEventListener("fetch", event => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === "/field") event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
});
