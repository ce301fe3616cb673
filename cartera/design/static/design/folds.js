// The navigation folds away and panels fold up; both are remembered on this device.
const KEY = "cartera.nav";
const root = document.documentElement;
const buttons = document.querySelectorAll("[data-fold=nav]");

function show() {
  for (const button of buttons) {
    const open = button.closest(".bottombar") ? root.dataset.drawer === "open" : root.dataset.nav !== "folded";
    button.setAttribute("aria-expanded", open);
  }
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    if (button.closest(".bottombar")) {
      root.dataset.drawer = root.dataset.drawer === "open" ? "" : "open";
    } else {
      root.dataset.nav = root.dataset.nav === "folded" ? "" : "folded";
      localStorage.setItem(KEY, root.dataset.nav);
    }
    show();
  });
}
show();

class Panel extends HTMLElement {
  connectedCallback() {
    const key = `cartera.panel.${this.getAttribute("key")}`;
    const details = this.querySelector("details");
    if (localStorage.getItem(key) === "folded") details.open = false;
    details.addEventListener("toggle", () => localStorage.setItem(key, details.open ? "" : "folded"));
  }
}

customElements.define("cartera-panel", Panel);
