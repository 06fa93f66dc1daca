/*
 * Keeps the town and merchant pages that somebody reads, once they asked for it (<offline-reading>), and shows them with
 * their date when there is no network. What is not marked "public" is never kept, nor anything at another address.
 */
const CACHE = "lecture-1"; // another number throws away what was kept
const PAGES = { path: /^\/(commerces|commercants)\/[\w-]+\/$/, most: 20 };
const PIECES = { path: /^\/(static|media)\//, most: 200 }; // styles, fonts, scripts and pictures of the pages

const pathOf = ({ url }) => new URL(url).pathname;
const kindOf = (request) => [PAGES, PIECES].find(({ path }) => path.test(pathOf(request)));

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("message", (event) => event.waitUntil(Promise.allSettled(event.data.map(take))));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (kindOf(request) || (request.mode === "navigate" && pathOf(request) === "/")) event.respondWith(answer(event));
});

async function begin() {
  await Promise.all((await caches.keys()).map((name) => name !== CACHE && caches.delete(name)));
  await caches.open(CACHE);
  await clients.claim();
}

async function take(url) {
  const request = new Request(url);
  await keep(request, await fetch(request));
}

async function answer(event) {
  try {
    const fresh = await fetch(event.request);
    event.waitUntil(keep(event.request, fresh.clone()));
    return fresh;
  } catch {
    const kept = await caches.match(event.request);
    if (event.request.mode !== "navigate") return kept ?? Response.error();
    return kept ? dated(kept) : list();
  }
}

async function keep(request, fresh) {
  const kind = kindOf(request);
  const isPublic = kind !== PAGES || /\bpublic\b/.test(fresh.headers.get("Cache-Control"));
  // Whoever had all forgotten may still have a page open that this worker serves.
  if (!kind || !fresh.ok || !isPublic || !(await caches.has(CACHE))) return;
  const cache = await caches.open(CACHE);
  await cache.delete(request); // the newest comes last
  await cache.put(request, fresh);
  const all = (await cache.keys()).filter((other) => kindOf(other) === kind);
  await Promise.all(all.slice(0, -kind.most).map((old) => cache.delete(old)));
}

async function dated(kept) {
  const date = new Date(kept.headers.get("Date")).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" });
  const text = `Vous êtes hors connexion. Page vue le ${date} : horaires et prix ont pu changer.`;
  const banner = `<p class="announcement" role="status"><span class="wrap">${text}</span></p>`;
  const html = (await kept.text()).replace(/<body[^>]*>/, (body) => body + banner);
  return new Response(html, { headers: kept.headers });
}

async function list() {
  const cache = await caches.open(CACHE);
  const all = (await cache.keys()).map(pathOf);
  const link = async (path) => `<li><a href="${path}">${(await (await cache.match(path)).text()).match(/<title>([^<]*)/)[1]}</a>`;
  const links = await Promise.all(all.filter((path) => PAGES.path.test(path)).map(link));
  const html = `<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hors connexion</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${all.find((path) => path.endsWith(".css"))}">
<main class="wrap section--intro prose stack"><h1>Vous êtes hors connexion</h1><p>Ces pages restent lisibles :<ul>${links.join("")}</ul></main>`;
  return new Response(html, { headers: { "Content-Type": "text/html" } });
}
