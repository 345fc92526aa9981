// While a message is on its way its state is asked for, and the page is shown anew when it changes.
"use strict";
const matches = document.querySelector("[data-messages]");
if (matches) {
  const timer = setInterval(async () => {
    const response = await fetch(matches.dataset.messages).catch(() => null);
    if (!response?.ok) return;
    const states = (await response.json()).map(x => `${x.messageId}:${x.state}:${x.attempts}`).join(" ");
    if (states === matches.dataset.states) return;
    clearInterval(timer);
    location.reload();
  }, 5000);
}
