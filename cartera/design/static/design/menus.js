// Menus: a button and a popover under it, walked with the arrow keys.
const GAP = 4;

class Menu extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.list = this.querySelector("[popover]");
    this.button.popoverTargetElement = this.list;
    this.list.addEventListener("toggle", (event) => this.toggled(event.newState === "open"));
    this.list.addEventListener("keydown", (event) => this.walk(event));
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      this.list.showPopover();
    });
  }

  get items() {
    return [...this.list.querySelectorAll("a[href], button:not([disabled]), input, select")];
  }

  toggled(open) {
    this.button.setAttribute("aria-expanded", open);
    if (!open) return;
    this.place();
    this.items[0]?.focus({ preventScroll: true, focusVisible: this.button.matches(":focus-visible") });
  }

  // Under the button, or above it where there is no room below; never outside the window.
  place() {
    const button = this.button.getBoundingClientRect();
    const list = this.list.getBoundingClientRect();
    const start = this.dataset.align === "end" ? button.right - list.width : button.left;
    const below = button.bottom + GAP;
    const above = button.top - list.height - GAP;
    const top = below + list.height > innerHeight && above > GAP ? above : below;
    this.list.style.left = `${Math.max(GAP, Math.min(start, innerWidth - list.width - GAP))}px`;
    this.list.style.top = `${top}px`;
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("select")) return;
    event.preventDefault();
    const items = this.items;
    items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
  }
}

customElements.define("cartera-menu", Menu);
