// The console works without this file; it adds keys and dropped pictures.
"use strict";
document.documentElement.classList.add("js");

// --- Keys: any element with data-key is pressed by that key, or by two keys one after the other ("g h").
let first = "";

// A decision is made once, and on what is seen: a form that was sent is not sent again, and no key sends one from a page that just appeared.
const LEAST_LOOK = 250;
let shownAt = Infinity;
const seen = () => requestAnimationFrame(() => { shownAt = performance.now(); });
const sends = element => element.matches("button") && element.form?.method === "post";
addEventListener("DOMContentLoaded", seen);
addEventListener("pageshow", event => {
  if (event.persisted) seen();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.addEventListener("submit", event => {
  // A form whose answer is a download leaves its page as it is, and may be sent again.
  if (event.defaultPrevented || event.target.method !== "post" || "again" in event.target.dataset) return;
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "true";
});

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open]") && event.key !== "Escape") return;
  if (document.documentElement.dataset.keys === "off" && event.key !== "Escape") return;
  const pressed = first ? `${first} ${event.key}` : event.key;
  first = "";
  const target = [...document.querySelectorAll("[data-key]")].find(x => x.dataset.key === pressed || x.dataset.alsoKey === pressed);
  if (target) {
    event.preventDefault();
    // What acts on a choice that is out of sight is shown first; the next press acts. Anything else acts at once, and can be undone.
    const folded = "choice" in target.dataset && target.closest("details.more-actions:not([open])");
    if (folded) {
      folded.open = true;
      target.focus();
      return;
    }
    if (sends(target) && (event.repeat || performance.now() - shownAt < LEAST_LOOK || target.form.dataset.sent)) return;
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  } else if ([...document.querySelectorAll("[data-key]")].some(x => x.dataset.key.startsWith(`${event.key} `))) {
    first = event.key;
    setTimeout(() => { first = ""; }, 1500);
  }
});

// --- A blurred picture is shown by a click on it, which does nothing else; all of a page by the button or its key.
document.addEventListener("click", event => {
  const veiled = event.target.closest("[data-veiled]");
  if (!veiled || document.body.classList.contains("unveiled-on") || !event.target.matches("img")) return;
  event.preventDefault();
  event.stopPropagation();
  delete veiled.dataset.veiled;
}, true);

function listKeys(list) {
  list.replaceChildren();
  for (const element of document.querySelectorAll("[data-key]")) {
    const label = element.dataset.label ?? element.textContent.trim();
    if (!label) continue;
    const term = document.createElement("dt");
    for (const key of element.dataset.key.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = key.replace("ArrowRight", "→").replace("ArrowLeft", "←");
      term.append(cap, " ");
    }
    const text = document.createElement("dd");
    text.textContent = label;
    list.append(term, text);
  }
}

document.addEventListener("click", event => {
  const open = event.target.closest("[data-open]");
  if (open) {
    const dialog = document.getElementById(open.dataset.open);
    const list = dialog.querySelector("[data-keys]");
    if (list) listKeys(list);
    dialog.showModal();
  }
  const close = event.target.closest("[data-close]");
  if (close) document.getElementById(close.dataset.close).close();
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) {
    const shown = document.getElementById(toggle.dataset.toggle).classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(shown));
  }
  const flip = event.target.closest("[data-flip]");
  if (flip) {
    // "…-off" hides what is shown, "…-on" shows what is hidden.
    const set = document.body.classList.toggle(flip.dataset.flip);
    flip.setAttribute("aria-pressed", String(set === flip.dataset.flip.endsWith("-on")));
  }
});

// --- Filters apply as soon as a choice is made.
for (const form of document.querySelectorAll("form[data-auto]"))
  form.addEventListener("change", event => { if (event.target.matches("select")) form.requestSubmit(); });

// --- Questions before what cannot be taken back: <form data-ask="Question?" data-ask-yes="Close it">.
const ask = document.getElementById("ask");
for (const form of document.querySelectorAll("form[data-ask]"))
  form.addEventListener("submit", event => {
    if (form.dataset.answered) return;
    event.preventDefault();
    const sender = event.submitter;
    const yes = ask.querySelector("[data-yes]");
    ask.querySelector("h2").textContent = form.dataset.ask;
    yes.textContent = form.dataset.askYes ?? yes.dataset.yes;
    yes.classList.toggle("danger", "askDanger" in form.dataset);
    ask.returnValue = "";
    ask.addEventListener("close", () => {
      if (ask.returnValue === "yes") {
        form.dataset.answered = "true";
        form.requestSubmit(sender);
      } else sender?.focus();
    }, { once: true });
    ask.showModal();
  });

// --- A page that answers a form is not asked for with the form again: reading it anew, and coming back to it, sends nothing.
if ("posted" in document.documentElement.dataset) history.replaceState(history.state, "", location.href);

// --- What was done: said again once the page stands, because screen readers tell only what changes. It stands where it covers nothing, until the next page.
for (const toast of document.querySelectorAll("[data-toast]")) {
  const text = toast.querySelector("p");
  const words = text.textContent;
  text.textContent = "";
  setTimeout(() => { text.textContent = words; }, 100);
  toast.querySelector("[data-dismiss]").addEventListener("click", () => toast.remove());
}

// --- What scrolls sideways can be scrolled by keys.
const reachable = new ResizeObserver(entries => {
  for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
});
for (const wrap of document.querySelectorAll(".table-wrap, .raw")) reachable.observe(wrap);

// --- A menu closes when one turns elsewhere.
for (const menu of document.querySelectorAll("details.who, details.pop")) {
  document.addEventListener("click", event => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// --- Pictures: dropped, pasted or picked.
for (const drop of document.querySelectorAll("[data-drop]")) {
  const input = drop.querySelector("input[type=file]");
  const preview = drop.querySelector("img");
  const show = () => {
    const file = input.files[0];
    preview.hidden = !file;
    if (file) preview.src = URL.createObjectURL(file);
  };
  const take = files => {
    if (files.length === 0) return;
    const transfer = new DataTransfer();
    transfer.items.add(files[0]);
    input.files = transfer.files;
    show();
  };
  input.addEventListener("change", show);
  for (const type of ["dragenter", "dragover"])
    drop.addEventListener(type, event => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", event => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files].filter(x => x.type.startsWith("image/")));
  });
  document.addEventListener("paste", event => take([...event.clipboardData.files].filter(x => x.type.startsWith("image/"))));
}

// --- One box that chooses all open ones of its form.
for (const all of document.querySelectorAll("[data-choose-all]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`[name="${all.dataset.chooseAll}"][data-proposed]`)) box.checked = all.checked;
  });
}

// The chosen row of a long list is in view.
document.querySelector(".rows [aria-current]")?.scrollIntoView({ block: "nearest" });
