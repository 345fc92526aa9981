// Photos wait in the browser's own database until the server has them: over a dead connection, a reload and a closed browser.
// A thing: { id, officer, state: draft | waiting | sent | refused, at, takenAt, place, note, photos: [{ key, blob, thumb, sent }], capture, matches, reviews, verdict, error }.
"use strict";
const fieldQueue = (() => {
  const MOST_SENT = 20;
  const WAIT = { offline: 10, signedOut: 60, broken: 30, unkept: 30 };
  const LONGEST_WAIT = 600;
  // Milliseconds; a connection that hangs holds up everything behind it.
  const LONGEST_REQUEST = 120_000;
  let database;
  let timer;
  let changed = () => {};
  // What one window changes, the others show.
  const windows = "BroadcastChannel" in self ? new BroadcastChannel("touchstone-field") : null;
  windows?.addEventListener("message", () => changed(true));
  const state = { why: null, until: 0, sending: null };

  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open("touchstone-field", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("things", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function run(mode, work) {
    database ??= open();
    const transaction = (await database).transaction("things", mode);
    const request = work(transaction.objectStore("things"));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  const all = async () => (await run("readonly", x => x.getAll())).sort((a, b) => a.at - b.at);
  const get = id => run("readonly", x => x.get(id));

  /** Whether there was no room left. */
  const isFull = error => error?.name === "QuotaExceededError";

  /** Keeps a thing; where there is no room, what was sent makes room first. Throws what the browser throws where it cannot be kept all the same. */
  async function put(thing) {
    try {
      await run("readwrite", x => x.put(thing));
    } catch (error) {
      if (!isFull(error)) throw error;
      await prune(0, thing.id);
      await run("readwrite", x => x.put(thing));
    }
    tell();
  }

  async function remove(id) {
    await run("readwrite", x => x.delete(id));
    tell();
  }

  function tell() {
    changed(false);
    windows?.postMessage(null);
  }

  /** Sends one photo; returns the answer, or why and for how long to wait, or the refusal. The key makes a repetition safe. */
  async function post(thing, photo) {
    const query = new URLSearchParams({ takenAt: thing.takenAt, thing: thing.photos[0].key, officer: thing.officer });
    if (thing.place) query.set("place", thing.place);
    if (thing.note) query.set("note", thing.note);
    let response;
    let answer;
    try {
      response = await fetch(`/api/v1/field/captures?${query}`, { method: "POST", body: photo.blob, redirect: "manual", headers: { "Content-Type": photo.blob.type || "application/octet-stream", "Idempotency-Key": photo.key }, signal: AbortSignal.timeout(LONGEST_REQUEST) });
      if (response.ok) return { answer: await response.json() };
      answer = await response.json().catch(() => ({}));
    } catch {
      return { why: "offline", wait: WAIT.offline };
    }
    if (response.type === "opaqueredirect" || response.status === 401) return { why: "signedOut", wait: WAIT.signedOut };
    // Another window signed somebody else in.
    if (response.status === 403) return { why: "other", wait: WAIT.signedOut };
    if (response.status === 503 || response.status === 429) return { why: "busy", wait: Math.min(LONGEST_WAIT, Math.max(1, Number(response.headers.get("Retry-After")) || 5)) };
    // A node that does not screen, or a proxy: it may pass.
    if (response.status >= 500 || [404, 405, 408].includes(response.status)) return { why: "broken", wait: WAIT.broken };
    return { refused: answer.detail ?? answer.title ?? `HTTP ${response.status}` };
  }

  /** Sends what is left of a thing; why one has to wait, or null. What was answered is kept with the photo that it came for. */
  async function send(thing) {
    for (const photo of thing.photos) {
      if (photo.sent) continue;
      const outcome = await post(thing, photo);
      if (outcome.why) {
        return outcome;
      }
      if (!(await get(thing.id))) return null;
      if (outcome.refused) {
        await put({ ...thing, state: "refused", error: outcome.refused });
        return null;
      }
      photo.sent = true;
      Object.assign(thing, { capture: outcome.answer.id, matches: outcome.answer.matches.filter(x => x.verdict === "Match").length, reviews: outcome.answer.matches.filter(x => x.verdict !== "Match").length, verdict: outcome.answer.verdict });
      await put(thing);
    }
    for (const photo of thing.photos) delete photo.blob;
    await put({ ...thing, state: "sent" });
    return null;
  }

  function wait(why, seconds) {
    state.why = why;
    state.until = Date.now() + seconds * 1000;
    clearTimeout(timer);
    timer = setTimeout(work, seconds * 1000);
    changed(false);
  }

  /** Forgets what was sent, but the latest, and but one. */
  async function prune(latest, but) {
    const sent = (await all()).filter(x => x.state === "sent" && x.id !== but);
    for (const thing of sent.slice(0, Math.max(0, sent.length - latest))) await remove(thing.id);
  }

  /** Sends everything of this officer that waits, the longest first; one window at a time. */
  async function work() {
    clearTimeout(timer);
    const officer = document.querySelector("[data-field]").dataset.officer;
    const turn = async lock => {
      if (!lock) {
        timer = setTimeout(work, 2000);
        return;
      }
      // What the server or the phone fails at holds up nothing else: it is tried again after the others.
      const failed = new Map();
      for (;;) {
        const next = (await all()).find(x => x.state === "waiting" && x.officer === officer && !failed.has(x.id));
        if (!next) break;
        state.sending = next.id;
        state.why = null;
        changed(false);
        let outcome;
        try {
          outcome = await send(next);
        } catch {
          // The answer could not be kept, as on a full phone: the thing waits, and the photos' keys make sending them again safe.
          outcome = { why: "unkept", wait: WAIT.unkept };
        } finally {
          state.sending = null;
        }
        if (outcome?.why === "broken" || outcome?.why === "unkept") failed.set(next.id, outcome);
        else if (outcome) {
          wait(outcome.why, outcome.wait);
          return;
        }
      }
      for (const outcome of failed.values()) wait(outcome.why, outcome.wait);
      if (failed.size > 0) return;
      state.why = null;
      await prune(MOST_SENT);
      changed(false);
    };
    if (navigator.locks) await navigator.locks.request("touchstone-field", { ifAvailable: true }, turn);
    else if (!state.sending) await turn(true);
  }

  addEventListener("online", work);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) work(); });
  // The listener is called on each change; with true where another window made it.
  return { all, put, remove, work, state, isFull, whenChanged: listener => { changed = listener; }, isThere: async () => { try { await all(); return true; } catch { return false; } } };
})();
