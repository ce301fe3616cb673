// Lists: j and k move from row to row, Enter opens (the focus lies on the row's link), a click anywhere in a row opens it.
const rows = () => [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.checkVisibility());
let last = -1;

const door = (row) => (row.matches("a[href], button") ? row : row.querySelector("[data-open]") ?? row.querySelector("a[href], button"));

export const current = () => document.activeElement?.closest?.("[data-row]") ?? rows()[last];

// Move by *step* rows; whether there was a list to move in.
export function move(step) {
  const all = rows();
  if (!all.length) return false;
  const here = document.activeElement?.closest?.("[data-row]");
  const from = here ? all.indexOf(here) : Math.min(last, all.length - 1);
  last = Math.max(0, Math.min(all.length - 1, from + step));
  door(all[last])?.focus();
  all[last].scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) last = rows().indexOf(row);
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  const busy = event.target.closest("a, button, input, select, textarea, label, summary, dialog, [popover]");
  if (row && !busy && getSelection().isCollapsed) row.querySelector("[data-open]")?.click();
});
