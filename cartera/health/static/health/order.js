// Rows that can be put into another order by dragging; the same form's up and down buttons do it without a mouse.
class Order extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form[id]");
    if (!this.form) return;
    for (const row of this.rows) row.draggable = true;
    this.addEventListener("dragstart", (event) => this.begin(event));
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("dragend", () => this.end());
  }

  get rows() {
    return [...this.querySelectorAll("tr[data-movable]")];
  }

  begin(event) {
    this.held = event.target.closest?.("tr[data-movable]");
    if (!this.held) return;
    this.before = this.rows.indexOf(this.held);
    this.held.toggleAttribute("data-held", true);
    event.dataTransfer.effectAllowed = "move";
  }

  over(event) {
    const row = event.target.closest?.("tr[data-movable]");
    if (!this.held || !row) return;
    event.preventDefault();
    if (row === this.held) return;
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY < top + height / 2) row.before(this.held);
    else row.after(this.held);
  }

  end() {
    const held = this.held;
    this.held = undefined;
    held?.toggleAttribute("data-held", false);
    if (held && this.rows.indexOf(held) !== this.before) this.form.requestSubmit();
  }
}

customElements.define("cartera-order", Order);
