// The list of accounts: selecting many, editing in place, choosing columns, and the panel beside it.
const list = document.querySelector(".accounts-list");
const address = () => new URL(location.href);

class Selection extends HTMLElement {
  connectedCallback() {
    this.form = document.getElementById("bulk");
    document.addEventListener("change", (event) => this.changed(event));
    this.querySelector("[data-all]").addEventListener("click", () => this.all(true));
    this.querySelector("[data-none]").addEventListener("click", () => this.none());
    this.show();
  }

  get boxes() {
    return [...document.querySelectorAll(".accounts-table [name=id]")];
  }

  changed({ target }) {
    if (target.matches("[data-pick-all]")) for (const box of this.boxes) box.checked = target.checked;
    if (target.matches("[name=id], [data-pick-all]")) this.all(false);
  }

  all(everything) {
    this.form.elements.all.value = everything ? "1" : "";
    if (everything) for (const box of this.boxes) box.checked = true;
    this.show();
  }

  none() {
    for (const box of this.boxes) box.checked = false;
    document.querySelector("[data-pick-all]").checked = false;
    this.all(false);
  }

  show() {
    const picked = this.boxes.filter((box) => box.checked);
    const language = document.documentElement.lang;
    const everything = this.form.elements.all.value;
    this.hidden = !picked.length;
    const sum = picked.reduce((total, box) => total + Number(box.dataset.revenue || 0), 0);
    const money = new Intl.NumberFormat(language, { style: "currency", currency: this.dataset.currency, maximumFractionDigits: 0 });
    this.querySelector("[data-count]").textContent = everything ? "" : picked.length.toLocaleString(language);
    this.querySelector("[data-sum]").textContent = everything ? document.getElementById("list-figures").textContent.trim() : `· ${money.format(sum)}`;
  }
}
customElements.define("cartera-selection", Selection);

// Editing in place: the cell becomes a small form; choosing or leaving saves, Escape leaves it as it was.
const cellOf = (element) => element.closest("td, dd");

function parsed(text) {
  const place = document.createElement("template");
  place.innerHTML = text;
  return place.content;
}

async function swapCell(cell, url, options = {}) {
  const headers = { "HX-Request": "true", "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"] };
  const response = await fetch(url, { ...options, headers });
  const text = await response.text();
  const end = text.lastIndexOf("</td>") + "</td>".length;
  // Apart from the cell: among the parts of a table the toast's form would be read as an empty one.
  const toasts = parsed(text.slice(end)).querySelectorAll("cartera-toast");
  document.getElementById("toasts")?.append(...toasts);
  const fresh = parsed(text.slice(0, end)).querySelector("td");
  if (!fresh) return;
  cell.replaceWith(fresh);
  (fresh.querySelector("input:not([type=hidden]), select") ?? fresh.querySelector("button"))?.focus();
}

const setUrl = (element, key) => `/accounts/${element.closest("[data-id]").dataset.id}/set/${key}/`;

list?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  if (button) swapCell(cellOf(button), `${setUrl(button, button.dataset.set)}?edit=1`);
});
function save(form) {
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  swapCell(cellOf(form), form.action, { method: "POST", body: new FormData(form) });
}
list?.addEventListener("change", (event) => {
  const form = event.target.closest(".accounts-cell");
  if (form) save(form);
});
list?.addEventListener("submit", (event) => {
  const cell = event.target.closest(".accounts-cell");
  if (cell) {
    event.preventDefault();
    save(cell);
  }
  const columns = event.target.closest(".accounts-columns");
  if (columns) columns.elements.cols.value = ["name", ...[...columns.querySelectorAll("[type=checkbox]:checked")].map((box) => box.value)].join(",");
});
list?.addEventListener("keydown", (event) => {
  const form = event.target.closest(".accounts-cell");
  if (form && event.key === "Escape") swapCell(cellOf(form), form.action);
});

// The panel beside the list: a plain click or Enter opens it, [ and ] step through the accounts, the address keeps it.
const beside = document.getElementById("peek");

async function peek(row) {
  for (const other of document.querySelectorAll("tr.peeked")) other.classList.remove("peeked");
  row.classList.add("peeked");
  row.querySelector("[data-open]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  const here = address();
  here.searchParams.set("peek", row.dataset.id);
  history.replaceState(history.state, "", here);
  await htmx.ajax("GET", `/accounts/${row.dataset.id}/peek/`, { target: beside, swap: "innerHTML" });
}

function step(by) {
  const rows = [...document.querySelectorAll(".accounts-table [data-id]")];
  const shown = beside.querySelector("[data-peek-id]")?.dataset.peekId;
  const next = rows[rows.findIndex((row) => row.dataset.id === shown) + by];
  if (next) return peek(next);
  const door = document.querySelector(by > 0 ? "[rel=next]" : "[rel=prev]");
  if (door) location.assign(`${door.href}&peek=${by > 0 ? "first" : "last"}`);
}

function closePeek() {
  const here = address();
  here.searchParams.delete("peek");
  history.replaceState(history.state, "", here);
  beside.replaceChildren();
  document.querySelector("tr.peeked [data-open]")?.focus();
  for (const row of document.querySelectorAll("tr.peeked")) row.classList.remove("peeked");
}

list?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  peek(link.closest("[data-row]"));
});
beside?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) step(Number(button.dataset.step));
  if (event.target.closest("[data-close-peek]")) closePeek();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && beside?.firstElementChild && !event.target.closest("input, select, textarea, dialog")) closePeek();
});
