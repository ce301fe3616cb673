// Requests by htmx that fail say so in a toast; nothing on the page is swapped for an error.
import { say } from "design/toasts.js";

const words = document.getElementById("toast-template").dataset;

document.addEventListener("htmx:response:error", (event) => {
  const { response, text, target } = event.detail.ctx;
  if ([400, 422].includes(response.status)) return; // a form that comes back with its errors
  if (!text?.includes("cartera-toast")) say(words[`s${response.status}`] ?? words.failed, "error");
  if (target?.matches?.(".panel-body")) retry(target);
});
document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  say(navigator.onLine ? words.failed : words.offline, "error");
  if (ctx?.target?.matches?.(".panel-body")) retry(ctx.target);
});
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.response?.status >= 401) ctx.title = undefined; // the page stays, and so does its name
});

function retry(body) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: words.again });
  button.addEventListener("click", () => htmx.ajax("GET", body.getAttribute("hx-get"), { target: body }));
  body.replaceChildren(button);
}
