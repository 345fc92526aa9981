// Pictures that can be looked at closely: <div data-zoom tabindex="0"> round one child. Keys + − 0 and arrows while it is focused,
// buttons with data-zoom-by, wheel with Ctrl, a drag, or two fingers.
"use strict";
const most = 8;

function zoomable(stage) {
  const view = stage.firstElementChild;
  const fingers = new Map();
  let scale = 1, x = 0, y = 0, apart = 0;

  const draw = () => {
    const roomX = (scale - 1) * view.offsetWidth / 2, roomY = (scale - 1) * view.offsetHeight / 2;
    x = Math.max(-roomX, Math.min(roomX, x));
    y = Math.max(-roomY, Math.min(roomY, y));
    view.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    stage.classList.toggle("zoomed", scale > 1);
    stage.dataset.scale = scale.toFixed(2);
  };
  const zoom = by => {
    const next = Math.max(1, Math.min(most, scale * by));
    x *= next / scale;
    y *= next / scale;
    scale = next;
    draw();
  };
  const move = (dx, dy) => { x += dx; y += dy; draw(); };
  const reset = () => { scale = 1; x = y = 0; draw(); };

  const keys = {
    "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), "0": reset,
    ArrowLeft: () => move(40, 0), ArrowRight: () => move(-40, 0), ArrowUp: () => move(0, 40), ArrowDown: () => move(0, -40),
  };
  stage.addEventListener("keydown", event => {
    const key = keys[event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey || (event.key.startsWith("Arrow") && scale === 1)) return;
    event.preventDefault();
    event.stopPropagation();
    key();
  });
  stage.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }, { passive: false });
  stage.addEventListener("pointerdown", event => {
    fingers.set(event.pointerId, event);
    if (scale > 1) stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", event => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, event);
    if (fingers.size === 1) {
      if (scale > 1) move(event.clientX - before.clientX, event.clientY - before.clientY);
      return;
    }
    const [a, b] = [...fingers.values()];
    const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    if (apart > 0) zoom(now / apart);
    apart = now;
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"])
    stage.addEventListener(type, event => { fingers.delete(event.pointerId); apart = 0; });
  stage.addEventListener("dblclick", () => scale === 1 ? zoom(2.25) : reset());
  return { zoom, reset };
}

// A picture smaller than its stage is shown as large as the stage lets it, at most four times; the regions drawn on it follow.
function enlarged(stage) {
  const picture = stage.querySelector("img");
  if (!picture) return;
  const fit = () => {
    if (!picture.naturalWidth) return;
    picture.style.width = "";
    const room = parseFloat(getComputedStyle(picture).maxHeight) || picture.naturalHeight;
    const by = Math.min(stage.clientWidth / picture.naturalWidth, room / picture.naturalHeight, 4);
    if (by > 1) picture.style.width = `${Math.floor(picture.naturalWidth * by)}px`;
  };
  picture.addEventListener("load", fit);
  let width = 0, height = 0;
  const watch = () => {
    if (stage.clientWidth === width && innerHeight === height) return;
    [width, height] = [stage.clientWidth, innerHeight];
    fit();
  };
  new ResizeObserver(watch).observe(stage);
  addEventListener("resize", watch);
  new MutationObserver(fit).observe(document.body, { attributeFilter: ["class"] });
  fit();
}

document.querySelectorAll("[data-zoom]").forEach(enlarged);
const stages = [...document.querySelectorAll("[data-zoom]")].map(zoomable);
document.addEventListener("click", event => {
  const button = event.target.closest("[data-zoom-by]");
  if (!button) return;
  const by = Number(button.dataset.zoomBy);
  for (const stage of stages) by === 0 ? stage.reset() : stage.zoom(by);
});
