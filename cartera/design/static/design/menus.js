// Menus: a button and a popover, walked with the arrow keys.
class Menu extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.list = this.querySelector("[popover]");
    this.button.popoverTargetElement = this.list;
    this.list.addEventListener("toggle", (event) => this.toggled(event.newState === "open"));
    this.list.addEventListener("keydown", (event) => this.walk(event));
    this.button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        this.list.showPopover();
      }
    });
  }

  get items() {
    return [...this.list.querySelectorAll("a[href], button:not([disabled]), input")];
  }

  toggled(open) {
    this.button.setAttribute("aria-expanded", open);
    if (open) this.items[0]?.focus();
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = this.items;
    items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
  }
}

customElements.define("cartera-menu", Menu);
