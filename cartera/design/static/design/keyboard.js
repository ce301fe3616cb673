// Keys that pages declare: `data-key="e"` clicks its element (or puts the cursor in it), `data-key="g t"` is two keys.
// Within a list the current row's own keys go first. `data-key-scope` keeps keys to the part that has the focus.
import { current, move } from "design/rows.js";

const PATIENCE = 1000;
const WRITING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
let typed = "";
let timer;

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
for (const mark of document.querySelectorAll("[data-mod-key]")) mark.textContent = isMac ? "⌘ K" : "Ctrl K";

function usable(element) {
  const scope = element.closest("[data-key-scope]");
  const row = element.closest("[data-row]");
  return (
    element.checkVisibility() &&
    !element.disabled &&
    (!scope || scope.contains(document.activeElement)) &&
    (!row || row === current())
  );
}

function keyed() {
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const found = [...place.querySelectorAll("[data-key]")];
  return found.filter((element) => usable(element) || element.closest(".nav"));
}

function act(keys) {
  const elements = keyed();
  const [found] = elements.filter((element) => element.dataset.key === keys).sort((a, b) => !!b.closest("[data-row]") - !!a.closest("[data-row]"));
  if (found) {
    if (found.matches(WRITING)) found.focus();
    else found.click();
    found.select?.();
  }
  return { done: !!found, more: elements.some((element) => element.dataset.key.startsWith(`${keys} `)) };
}

function forget() {
  typed = "";
  clearTimeout(timer);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest?.(WRITING)) return;
  if (event.key.length !== 1) return;
  const fresh = !typed;
  typed = fresh ? event.key : `${typed} ${event.key}`;
  clearTimeout(timer);
  timer = setTimeout(forget, PATIENCE);
  const { done, more } = act(typed);
  const own = !done && !more && fresh && own_keys[event.key]?.();
  if (done || more || own) event.preventDefault();
  if (!more) forget();
});

const own_keys = {
  j: () => !document.querySelector("dialog[open]") && move(1),
  k: () => !document.querySelector("dialog[open]") && move(-1),
  "?": () => help(),
};

function help() {
  const dialog = document.getElementById("shortcuts");
  const list = dialog.querySelector("[data-shortcut-list]");
  const { search, help: about, down, up, open } = list.dataset;
  const lines = new Map([[isMac ? "⌘ K" : "Ctrl K", search], ["?", about]]);
  if (document.querySelector("[data-list] [data-row]")) lines.set("j", down).set("k", up).set("Enter", open);
  for (const element of document.querySelectorAll("[data-key]")) {
    const { key } = element.dataset;
    // What stands in a row is named after its row's data; the key means the same in every row.
    const inRow = element.closest("[data-row]") && list.dataset[`row${key.toUpperCase()}`];
    if (!lines.has(key)) lines.set(key, inRow || element.ariaLabel || element.title || element.textContent.trim());
  }
  list.replaceChildren(...[...lines].flatMap(([keys, words]) => line(keys, words)));
  dialog.showModal();
  return true;
}

function line(keys, words) {
  const term = document.createElement("dt");
  term.textContent = words;
  const marks = document.createElement("dd");
  marks.append(...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  return [term, marks];
}

document.addEventListener("click", (event) => event.target.closest("[data-shortcuts]") && help());
