// While a message is on its way its state is asked for, and the page is shown anew when it changes.
"use strict";
const matches = document.querySelector("[data-messages]");
if (matches) {
  // Whoever presses a link or sends a form is on the way to another page: showing this one anew would take the press back.
  let isLeaving = false;
  addEventListener("click", event => { isLeaving ||= event.target.closest?.("a[href]") != null; });
  addEventListener("submit", () => { isLeaving = true; });
  const timer = setInterval(async () => {
    const response = isLeaving ? null : await fetch(matches.dataset.messages).catch(() => null);
    if (!response?.ok || isLeaving) return;
    const states = (await response.json()).map(x => `${x.messageId}:${x.state}:${x.attempts}`).join(" ");
    if (states === matches.dataset.states || isLeaving) return;
    clearInterval(timer);
    location.reload();
  }, 5000);
  // Back from where the link led, by the browser's memory of this page.
  addEventListener("pageshow", () => { isLeaving = false; });
}
