// The navigation folds away and panels fold up; both are remembered on this device.
const root = document.documentElement;
const PLACE = "cartera.nav";

function isOpen(button) {
  return button.closest(".bottombar") ? root.dataset.drawer === "open" : root.dataset.nav !== "folded";
}

function show() {
  for (const button of document.querySelectorAll("[data-fold=nav]")) button.setAttribute("aria-expanded", isOpen(button));
}

function fold() {
  root.dataset.nav = root.dataset.nav === "folded" ? "" : "folded";
  localStorage.setItem(PLACE, root.dataset.nav);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold=nav]");
  if (button?.closest(".bottombar")) root.dataset.drawer = isOpen(button) ? "" : "open";
  else if (button) fold();
  else if (!event.target.closest(".nav")) root.dataset.drawer = "";
  show();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  root.dataset.drawer = "";
  show();
});
show();

class Panel extends HTMLElement {
  connectedCallback() {
    const place = `cartera.panel.${this.getAttribute("key")}`;
    const details = this.querySelector("details");
    if (localStorage.getItem(place) === "folded") details.open = false;
    details.addEventListener("toggle", () => localStorage.setItem(place, details.open ? "" : "folded"));
  }
}

customElements.define("cartera-panel", Panel);
