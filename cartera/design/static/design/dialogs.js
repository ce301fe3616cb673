// Dialogs: `data-dialog="id"` on a button opens one, a click beside it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target.matches("dialog[open]") && outside(event)) event.target.close();
});

function outside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

// A dialog that arrives with `data-open-now` (a form that came back with errors, a fragment by htmx) opens by itself.
function openNow(place) {
  for (const dialog of place.querySelectorAll("dialog[data-open-now]:not([open])")) dialog.showModal();
}

openNow(document);
document.addEventListener("htmx:after:settle", () => openNow(document));
document.addEventListener("htmx:after:swap", () => openNow(document));
