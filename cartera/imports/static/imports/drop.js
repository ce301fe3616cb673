// A place to drop a file on: it takes the file into the input that it holds.
for (const place of document.querySelectorAll("[data-drop]")) {
  const input = place.querySelector("input[type=file]");
  const over = (event) => { event.preventDefault(); place.toggleAttribute("data-over", true); };
  place.addEventListener("dragenter", over);
  place.addEventListener("dragover", over);
  place.addEventListener("dragleave", () => place.removeAttribute("data-over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.removeAttribute("data-over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
