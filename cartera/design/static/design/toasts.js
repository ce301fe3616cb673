// Toasts: said aloud, gone after ten seconds unless someone reads or needs them.
const SECONDS = 10;

class Toast extends HTMLElement {
  connectedCallback() {
    this.start();
    this.addEventListener("pointerenter", () => this.hold());
    this.addEventListener("pointerleave", () => this.start());
    this.addEventListener("focusin", () => this.hold());
    this.addEventListener("focusout", () => this.start());
    this.addEventListener("click", (event) => event.target.closest("[data-dismiss]") && this.remove());
    this.addEventListener("htmx:after:request", () => this.remove());
  }

  start() {
    this.hold();
    this.timer = setTimeout(() => this.remove(), SECONDS * 1000);
  }

  hold() {
    clearTimeout(this.timer);
  }
}

customElements.define("cartera-toast", Toast);

// Say *text* in a toast of its own; `tone` is "success", "error", "warning" or "info".
export function say(text, tone = "info") {
  const template = document.getElementById("toast-template");
  const toast = template.content.querySelector("cartera-toast").cloneNode(true);
  toast.classList.add(tone);
  toast.querySelector("p span").textContent = text;
  document.getElementById("toasts").append(toast);
}
