// Reviewing hits: what is drawn over the pictures is remembered, two pictures are compared in one place, and a wall is chosen from by keys.
// The pages work without this file.
"use strict";

// --- What is drawn over the pictures stays as it was chosen.
for (const button of document.querySelectorAll("[data-remember]")) {
  const name = button.dataset.flip, key = `touchstone.${name}`;
  const show = set => {
    document.body.classList.toggle(name, set);
    button.setAttribute("aria-pressed", String(set === name.endsWith("-on")));
  };
  if (localStorage.getItem(key)) show(localStorage.getItem(key) === "1");
  button.addEventListener("click", () => setTimeout(() => localStorage.setItem(key, document.body.classList.contains(name) ? "1" : "0")));
}

// --- Two pictures in one place: in turns, or with a handle between them.
const BLINK = 700;
for (const compare of document.querySelectorAll("[data-compare]")) {
  const buttons = [...compare.querySelectorAll("[data-mode]")];
  const places = { blink: compare.querySelector(".blink"), swipe: compare.querySelector(".swipe") };
  const pair = compare.querySelector(".pair");
  let mode = "", timer = 0;
  const turn = () => places.blink.classList.toggle("second");
  const set = next => {
    clearInterval(timer);
    mode = next;
    pair.hidden = mode !== "";
    for (const [name, place] of Object.entries(places)) if (place) place.hidden = name !== mode;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    // Who asked for less motion turns the pictures by hand: each press shows the other one.
    if (mode === "blink" && !matchMedia("(prefers-reduced-motion: reduce)").matches) timer = setInterval(turn, BLINK);
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      if (mode !== button.dataset.mode) set(button.dataset.mode);
      else if (mode === "blink" && timer === 0 && !places.blink.classList.contains("second")) turn();
      else {
        places.blink?.classList.remove("second");
        timer = 0;
        set("");
      }
    });

  // --- Pictures alone, as large as the window.
  const large = compare.querySelector("[data-large]");
  const enlarge = on => {
    document.body.classList.toggle("large-pictures", on);
    large.setAttribute("aria-pressed", String(on));
  };
  large?.addEventListener("click", () => enlarge(!document.body.classList.contains("large-pictures")));
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (document.body.classList.contains("large-pictures")) enlarge(false);
    else if (mode) set("");
  });
}

// --- A wall of hits: arrows move, space chooses, Shift and arrows choose on the way.
for (const wall of document.querySelectorAll("[data-wall]")) {
  const boxes = [...wall.querySelectorAll("input[type=checkbox]")];
  const form = wall.closest("form");
  const count = form.querySelector("[data-chosen]");
  const rest = form.querySelector("[data-rest]");
  const told = form.querySelector("[data-rest-count]");
  const tell = () => {
    const chosen = boxes.filter(x => x.checked).length;
    if (count) count.textContent = chosen === 0 ? "" : chosen === 1 ? count.dataset.one : count.dataset.many.replace("#", String(chosen));
    // The button says how many it rejects; where nothing is chosen it rejects none.
    const left = boxes.filter(x => !x.checked && x.closest("li").classList.contains("New")).length;
    if (rest) rest.textContent = chosen === 0 ? "" : ` (${left})`;
    if (told) told.value = chosen === 0 ? "" : String(left);
  };
  const columns = () => {
    const top = boxes[0].closest("li").offsetTop;
    const next = boxes.findIndex(x => x.closest("li").offsetTop !== top);
    return next < 0 ? boxes.length : next;
  };
  const steps = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -columns(), ArrowDown: columns };
  document.addEventListener("keydown", event => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    if (document.documentElement.dataset.keys === "off" && !wall.contains(event.target)) return;
    event.preventDefault();
    const at = boxes.indexOf(document.activeElement);
    const to = at < 0 ? 0 : at + step();
    if (to < 0 || to >= boxes.length) return;
    if (event.shiftKey && at >= 0) boxes[at].checked = boxes[to].checked = true;
    boxes[to].focus();
    boxes[to].closest("li").scrollIntoView({ block: "nearest" });
    tell();
  });
  wall.addEventListener("change", tell);
  form.querySelector("[data-wall-all]")?.addEventListener("click", () => {
    const all = boxes.every(x => x.checked);
    for (const box of boxes) box.checked = !all;
    tell();
  });
  tell();
  // A browser that comes back fills the boxes in as they were left.
  addEventListener("pageshow", tell);
}

// Without a script each box is chosen for itself.
for (const button of document.querySelectorAll("[data-check-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...button.form.querySelectorAll("input[type=checkbox]")];
    const all = boxes.every(x => x.checked);
    for (const box of boxes) box.checked = !all;
  });
}

// The chosen hit of the strip is in view.
document.querySelector(".strip [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
