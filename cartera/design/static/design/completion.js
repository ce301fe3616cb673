// The filter's completion: asks `source?text=…&cursor=…` for `[{insert, label, start, end}]` and puts the chosen one in.
const PAUSE = 80;
let count = 0;

class Completion extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.getAttribute("source")) return;
    this.list = document.createElement("div");
    this.list.role = "listbox";
    this.list.id = `completion-${++count}`;
    this.list.ariaLabel = this.input.ariaLabel;
    this.list.hidden = true;
    this.append(this.list);
    this.input.role = "combobox";
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.ariaExpanded = "false";
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.later());
    this.input.addEventListener("blur", () => this.hide());
    this.input.addEventListener("keydown", (event) => this.keydown(event));
    this.list.addEventListener("pointerdown", (event) => this.pressed(event));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const address = new URL(this.getAttribute("source"), location.href);
    const text = this.input.value;
    address.searchParams.set("text", text);
    address.searchParams.set("cursor", this.input.selectionStart);
    try {
      const response = await fetch(address, { signal: this.asking.signal });
      if (response.ok && document.activeElement === this.input) this.show(await response.json(), text);
    } catch {
      this.hide();
    }
  }

  show(completions, text) {
    this.text = text;
    this.completions = completions.slice(0, 12);
    this.list.replaceChildren(...this.completions.map((one, place) => this.option(one, place)));
    this.list.hidden = !this.completions.length;
    this.input.ariaExpanded = String(!this.list.hidden);
    this.choose(-1);
  }

  option({ insert, label }, place) {
    const option = document.createElement("div");
    option.role = "option";
    option.id = `${this.list.id}-${place}`;
    const words = document.createElement("small");
    words.textContent = label;
    option.append(insert, ...(label && label !== insert ? [words] : []));
    return option;
  }

  choose(place) {
    this.chosen = place;
    for (const [at, option] of [...this.list.children].entries()) option.ariaSelected = String(at === place);
    this.input.setAttribute("aria-activedescendant", this.list.children[place]?.id ?? "");
    this.list.children[place]?.scrollIntoView({ block: "nearest" });
  }

  hide() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.input.ariaExpanded = "false";
  }

  put(place) {
    const { insert, start, end } = this.completions[place];
    this.input.setRangeText(insert, start, end, "end");
    this.hide();
    this.later();
  }

  pressed(event) {
    event.preventDefault();
    const place = [...this.list.children].indexOf(event.target.closest("[role=option]"));
    if (place >= 0) this.put(place);
  }

  keydown(event) {
    if (this.list.hidden || this.text !== this.input.value) return; // the list belongs to a text typed over since
    const size = this.list.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const takes = (event.key === "Enter" && this.chosen >= 0) || (event.key === "Tab" && this.chosen >= 0);
    if (step) this.choose((this.chosen + step + size) % size);
    else if (takes) this.put(this.chosen);
    else if (event.key === "Escape") this.hide();
    if (step || takes || event.key === "Escape") event.preventDefault();
  }
}

customElements.define("cartera-completion", Completion);
