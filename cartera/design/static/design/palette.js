// Ctrl/⌘ K: search and commands in one list, walked with the arrow keys.
const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const found = dialog.querySelector("[data-found]");
const nothing = dialog.querySelector("[data-nothing]");
const PAUSE = 120;
let timer;
let asking;

const fold = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
const options = () => [...dialog.querySelectorAll("[role=option]")].filter((option) => !option.hidden);

function choose(option) {
  for (const one of dialog.querySelectorAll("[aria-selected]")) one.removeAttribute("aria-selected");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option?.id ?? "");
}

// The places and things to add stand on the page already: the palette offers the same, so that they travel once.
for (const [number, group] of dialog.querySelectorAll("[data-commands]").entries()) {
  for (const [place, link] of document.querySelectorAll(`${group.dataset.commands} a[href]`).entries()) {
    const option = document.createElement("a");
    option.append(...[...link.children].map((child) => child.cloneNode(true)));
    Object.assign(option, { href: link.href, id: `palette-${number}-${place}`, role: "option", tabIndex: -1 });
    if (link.dataset.key) option.append(Object.assign(document.createElement("kbd"), { textContent: link.dataset.key }));
    group.append(option);
  }
}

function narrow() {
  const text = fold(input.value.trim());
  for (const group of dialog.querySelectorAll("[data-commands]")) {
    const commands = [...group.querySelectorAll("[role=option]")];
    for (const command of commands) command.hidden = !fold(command.textContent).includes(text);
    group.hidden = commands.every((command) => command.hidden);
  }
  show();
}

function show() {
  nothing.hidden = !input.value.trim() || options().length > 0;
  choose(options()[0]);
}

// Every link of the answer becomes an option, so that the server only has to send links.
function take(html) {
  found.innerHTML = html;
  for (const [place, link] of found.querySelectorAll("a[href]").entries()) {
    link.id = `palette-found-${place}`;
    link.role = "option";
    link.tabIndex = -1;
  }
  show();
}

async function search() {
  asking?.abort();
  const text = input.value.trim();
  if (!text || !dialog.dataset.source) return take("");
  asking = new AbortController();
  const address = new URL(dialog.dataset.source, location.href);
  address.searchParams.set("q", text);
  try {
    const response = await fetch(address, { signal: asking.signal, headers: { "HX-Request": "true" } });
    if (response.ok) take(await response.text());
  } catch (error) {
    if (error.name !== "AbortError") take("");
  }
}

function open() {
  if (dialog.open) return;
  input.value = "";
  take("");
  narrow();
  dialog.showModal();
  input.focus();
}

input.addEventListener("input", () => {
  narrow();
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});
input.addEventListener("keydown", (event) => {
  const all = options();
  const place = all.findIndex((option) => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) choose(all.at((place + step) % all.length));
  if (event.key === "Enter") all[place]?.click();
  if (step || event.key === "Enter") event.preventDefault();
});
dialog.addEventListener("click", (event) => event.target.closest("a[href]") && dialog.close());
document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
});
