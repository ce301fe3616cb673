// Requests by htmx that fail say so in a toast; nothing on the page is swapped for an error.
import { say } from "design/toasts.js";

const words = document.getElementById("toast-template")?.dataset ?? {};

document.addEventListener("htmx:response:error", (event) => {
  const { response, text } = event.detail.ctx;
  const told = response.headers.get("X-Message");
  say(told ? decodeURIComponent(told) : (words[`s${response.status}`] ?? words.failed), "error");
  if (text && text.includes('id="toasts"')) return;
});
document.addEventListener("htmx:error", () => say(navigator.onLine ? words.failed : words.offline, "error"));
