// The invitation's link goes to the clipboard; where that is not allowed, it is selected to be copied by hand.
document.addEventListener("click", async (event) => {
  const source = document.getElementById(event.target.closest("[data-copy]")?.dataset.copy);
  if (!source) return;
  source.select();
  await navigator.clipboard?.writeText(source.value);
});
