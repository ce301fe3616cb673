// Signing in: toasts, and what went wrong with a passkey said in words instead of in the console.
import "design/requests.js";
import { say } from "design/toasts.js";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(document.getElementById("toast-template").dataset.passkey, "error");
});
