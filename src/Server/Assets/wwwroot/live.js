// A page that follows work: data-follow names server-sent events; with each piece of news the parts marked data-refresh are taken anew from the server,
// in the reader's language, and the whole page once the work has ended. Without this file the page is read again by itself.
"use strict";
{
  const LEAST_PAUSE = 1500;
  let asked = 0;
  let waiting = 0;
  let missed = false;

  // Whoever has just pressed a link or sent a form is on the way to another page: reading this one anew would take the press back.
  const LONGEST_LEAVING = 10_000;
  let left = -LONGEST_LEAVING;
  const leaves = event => {
    if (event.defaultPrevented || (event.type === "click" && (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !event.target.closest?.("a[href]:not([target], [download], [href^='#'])")))) return;
    left = performance.now();
  };
  addEventListener("click", leaves);
  addEventListener("submit", leaves);
  const readAnew = () => {
    const since = performance.now() - left;
    if (since >= LONGEST_LEAVING) location.reload();
    else setTimeout(readAnew, LONGEST_LEAVING - since);
  };

  // Nobody looks at a page in the background: it catches up when somebody does.
  document.addEventListener("visibilitychange", () => { if (missed && !document.hidden) refresh().catch(() => {}); });

  const refresh = async () => {
    waiting = 0;
    missed = document.hidden;
    if (missed) return;
    asked = performance.now();
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (document.querySelector("[data-poll]") && !fresh.querySelector("[data-poll]")) return readAnew();
    for (const part of document.querySelectorAll("[data-refresh][id]")) {
      const news = fresh.getElementById(part.id);
      // What somebody is at stays under his hand.
      if (!news || news.innerHTML === part.innerHTML || part.contains(document.activeElement)) continue;
      part.replaceChildren(...document.importNode(news, true).childNodes);
    }
  };

  // Where no events tell of the work, the page asks.
  if (document.querySelector("[data-poll]")) setInterval(() => refresh().catch(() => {}), LEAST_PAUSE);

  for (const followed of document.querySelectorAll("[data-follow]")) {
    const source = new EventSource(followed.dataset.follow);
    let first = true;
    source.addEventListener("progress", () => {
      // The first piece tells what the page has just shown.
      if (first) { first = false; return; }
      if (!waiting) waiting = setTimeout(() => refresh().catch(() => {}), Math.max(0, LEAST_PAUSE - (performance.now() - asked)));
    });
    source.addEventListener("end", () => {
      source.close();
      readAnew();
    });
    addEventListener("pagehide", () => source.close());
  }
}
