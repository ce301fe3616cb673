// What was typed of a conversation stays in this browser tab until it is saved; "l" logs one from anywhere.
const typing = "input, textarea, select, [contenteditable]";

class Draft extends HTMLElement {
  connectedCallback() {
    this.key = `draft-${this.getAttribute("key")}`;
    if (this.hasAttribute("saved")) sessionStorage.removeItem(this.key);
    else if (!this.hasAttribute("bound")) this.restore();
    this.addEventListener("input", () => this.keep());
  }

  get form() {
    return this.querySelector("form");
  }

  keep() {
    const fields = [...new FormData(this.form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    sessionStorage.setItem(this.key, JSON.stringify(fields));
  }

  restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    if (!kept) return;
    const values = Map.groupBy(kept, ([name]) => name);
    for (const field of this.form.elements) {
      const given = values.get(field.name)?.map(([, value]) => value) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
      else if (given.length && field.type !== "hidden") field.value = given[0];
    }
    if (kept.some(([name, value]) => ["text", "happened_at", "minutes"].includes(name) && value)) this.querySelector("details").open = true;
  }
}
customElements.define("cartera-draft", Draft);

document.addEventListener("keydown", (event) => {
  const plain = event.key === "l" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  const here = [...document.querySelectorAll('[data-key="l"]')].some((element) => element.checkVisibility());
  if (!plain || here || event.defaultPrevented || event.target.closest?.(typing) || document.querySelector("dialog[open]")) return;
  const anywhere = document.querySelector('.topbar a[href$="/log/"]');
  if (anywhere) location.assign(anywhere.href);
});
