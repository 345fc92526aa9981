// The field page with scripts: photos are shrunk, shown before they are sent, and kept on the phone until the server has them.
"use strict";
const LONGEST_SIDE = 1600;
const THUMB_SIDE = 240;
const at = id => document.getElementById(id);
const main = document.querySelector("[data-field]");
const words = JSON.parse(main.dataset.words);
const say = (word, value) => words[word].replace("#", value);
// What is typed outlives a reload, as the photos do: a phone short of memory loads the page anew when its camera closes.
const TYPED = ["place", "note"];
let draft = null;
let latest = null;
// Photos are taken up one after the other, and a thing is sent with all that were chosen.
let adding = Promise.resolve();

function tell(text, tone = "warn", link = null) {
  const said = at("said");
  said.className = `notice ${tone}`;
  said.replaceChildren(text);
  if (link) said.append(" ", anchor(link, words.result));
  said.hidden = !text;
}

/** Says in the reader's language why the phone could not keep a photo, or could not note that kept ones are to be sent. */
function tellUnkept(error, full = words.full, other = words.notKept) {
  tell(fieldQueue.isFull(error) ? full : other, "danger");
}

function anchor(href, text) {
  const element = document.createElement("a");
  element.href = href;
  element.textContent = text;
  return element;
}

function button(text, label, click) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "small secondary outline";
  element.textContent = text;
  element.setAttribute("aria-label", label);
  element.addEventListener("click", click);
  return element;
}

function picture(blob, alt) {
  const image = document.createElement("img");
  image.alt = alt;
  image.src = URL.createObjectURL(blob);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.addEventListener("error", () => image.classList.add("unshown"), { once: true });
  return image;
}

/** The photo upright; null: the browser cannot show it. */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

/** Draws the photo within the longest side. */
async function shrink(bitmap, file, longest, quality) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(blob => resolve(blob ?? file), "image/jpeg", quality));
}

/** Whether the server reads it, by its first bytes and never by its name: it also reads some pictures that the browser does not show, or that are cut off. */
async function isPicture(file) {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  return /^(\xff\xd8\xff|\x89PNG|GIF8|BM|II[*+]\0|MM\0[*+]|RIFF[^]{4}WEBP|[^]{4}ftypavi[fs])/.test(head);
}

/** The officer's name for a photo: by what is sent of it, so that one name never stands for two contents. */
async function nameOf(blob, file) {
  if (!crypto.subtle) return `${main.dataset.officer}/${encodeURIComponent(file.name).slice(0, 80)}/${file.size}/${file.lastModified}`;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return `${main.dataset.officer}/${[...hash].map(x => x.toString(16).padStart(2, "0")).join("")}`;
}

const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

async function add(files) {
  tell("");
  for (const file of files) {
    const bitmap = await decode(file);
    if (!bitmap && !(await isPicture(file))) {
      tell(say("notPicture", file.name));
      continue;
    }
    // What the browser cannot show is sent as it is.
    const [blob, thumb] = bitmap ? [await shrink(bitmap, file, LONGEST_SIDE, 0.88), await shrink(bitmap, file, THUMB_SIDE, 0.8)] : [file, file];
    const key = await nameOf(blob, file);
    const known = (await fieldQueue.all()).find(x => x.photos.some(p => p.key === key));
    if (known) {
      tell(known.id === draft?.id ? words.inDraft : known.state === "sent" ? words.sentBefore : words.waitsAlready, "warn", known.state === "sent" ? `/field/${known.capture}` : null);
      continue;
    }
    draft ??= { id: newId(), officer: main.dataset.officer, state: "draft", at: Date.now(), takenAt: new Date().toISOString(), photos: [] };
    if (draft.photos.length >= Number(main.dataset.most)) {
      tell(words.tooMany);
      break;
    }
    draft.photos.push({ key, blob, thumb, sent: false });
    try {
      await fieldQueue.put(draft);
    } catch (error) {
      // What is not kept is not shown as if it were.
      draft.photos.pop();
      if (draft.photos.length === 0) draft = null;
      tellUnkept(error);
      break;
    }
  }
  showDraft();
}

function showDraft() {
  at("photos").replaceChildren(...(draft?.photos ?? []).map((photo, index) => {
    const item = document.createElement("li");
    const name = say("photo", index + 1);
    item.append(picture(photo.thumb, name), button("×", `${words.remove}: ${name}`, async () => {
      const thing = draft;
      thing.photos = thing.photos.filter(x => x !== photo);
      if (thing.photos.length === 0) draft = null;
      showDraft();
      await (thing.photos.length > 0 ? fieldQueue.put(thing) : fieldQueue.remove(thing.id));
    }));
    return item;
  }));
}

/** Takes over what another window made of the photos that are not sent yet. */
async function follow() {
  const drafts = (await fieldQueue.all()).filter(x => x.state === "draft" && x.officer === main.dataset.officer);
  draft = drafts.find(x => x.id === draft?.id) ?? drafts[0] ?? null;
  showDraft();
}

async function send(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  await adding;
  if (!draft) {
    tell(words.none);
    return;
  }
  const thing = { ...draft, state: "waiting", place: at("place").value.trim(), note: at("note").value.trim() };
  draft = null;
  try {
    await fieldQueue.put(thing);
  } catch (error) {
    draft ??= { ...thing, state: "draft" };
    tellUnkept(error, words.fullToSend, words.notSent);
    return;
  }
  latest = thing.id;
  at("note").value = "";
  for (const id of TYPED) sessionStorage.removeItem(`touchstone.${id}`);
  tell("");
  showDraft();
  fieldQueue.work();
}

function stateOf(thing) {
  if (thing.state === "refused") return say("refused", thing.error);
  if (thing.state === "sent") return thing.matches > 0 ? say("matches", thing.matches) : thing.reviews > 0 ? say("reviews", thing.reviews) : thing.verdict === "Undetermined" ? words.undetermined : words.noMatch;
  if (thing.officer !== main.dataset.officer) return say("foreign", thing.officer);
  return fieldQueue.state.sending === thing.id ? words.sending : words.waits;
}

function row(thing) {
  const item = document.createElement("li");
  item.dataset.state = thing.state;
  const text = document.createElement("div");
  const time = document.createElement("small");
  time.textContent = [new Date(thing.takenAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }), thing.place].filter(Boolean).join(" · ");
  const said = document.createElement("span");
  said.textContent = stateOf(thing);
  text.append(said, time);
  item.append(picture(thing.photos[0].thumb, ""), text);
  if (thing.state === "refused") item.append(button(words.retry, words.retry, async () => {
    await fieldQueue.put({ ...thing, state: "waiting", error: undefined });
    fieldQueue.work();
  }));
  if (thing.state === "sent") item.append(anchor(`/field/${thing.capture}`, words.result));
  else item.append(button(words.discard, words.discard, async () => { if (confirm(words.discardAsk)) await fieldQueue.remove(thing.id); }));
  return item;
}

let shown = 0;
async function show() {
  const turn = ++shown;
  const things = (await fieldQueue.all()).filter(x => x.state !== "draft").reverse();
  if (turn !== shown) return;
  at("waiting").hidden = things.length === 0;
  at("things").replaceChildren(...things.map(row));
  const { why, until } = fieldQueue.state;
  const state = at("state");
  state.replaceChildren(why ? say(why, Math.max(1, Math.ceil((until - Date.now()) / 1000))) : "");
  state.className = why ? "notice warn" : "";
  state.hidden = !why;
  if (why === "signedOut" || why === "other") state.append(" ", anchor("/sign-in?return=/field", words.signIn));
  else if (why) state.append(" ", button(words.retry, words.retry, () => fieldQueue.work()));
  const done = things.find(x => x.id === latest && x.state === "sent");
  if (!done || draft) return;
  // Once: to set out anew on each change would break off what is being loaded.
  latest = null;
  location.assign(`/field/${done.capture}`);
}

function locate() {
  tell(words.locating, "info");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      at("place").value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} (±${Math.round(coords.accuracy)} m)`;
      at("place").dispatchEvent(new Event("input"));
      tell("");
    },
    () => tell(words.noPosition),
    { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
}

async function start() {
  if (navigator.geolocation) {
    at("locate").hidden = false;
    at("locate").addEventListener("click", locate);
  }
  if (!(await fieldQueue.isThere())) {
    main.dataset.field = "native";
    tell(words.noStore);
    return;
  }
  at("take").addEventListener("submit", send, { capture: true });
  for (const id of TYPED) {
    at(id).value ||= sessionStorage.getItem(`touchstone.${id}`) ?? "";
    at(id).addEventListener("input", () => sessionStorage.setItem(`touchstone.${id}`, at(id).value));
  }
  for (const id of ["camera", "picker"])
    at(id).addEventListener("change", event => {
      const files = [...event.target.files];
      adding = adding.then(() => add(files)).catch(error => tellUnkept(error));
      event.target.value = "";
    });
  // Whoever takes up another thing meanwhile is not led away to the answer on the last one.
  for (const type of ["click", "input"]) at("take").addEventListener(type, () => { latest = null; });
  draft = (await fieldQueue.all()).find(x => x.state === "draft" && x.officer === main.dataset.officer) ?? null;
  showDraft();
  fieldQueue.whenChanged(elsewhere => {
    if (elsewhere) adding = adding.then(follow);
    show();
  });
  setInterval(() => { if (fieldQueue.state.why) show(); }, 1000);
  await show();
  fieldQueue.work();
  main.dataset.field = "ready";
  navigator.storage?.persist?.();
  const worker = navigator.serviceWorker;
  if (!worker) return;
  await worker.register("/field-worker.js", { scope: "/field" });
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map(x => x.href || x.src);
  (await worker.ready).active.postMessage(["/field", ...parts]);
}
start();
