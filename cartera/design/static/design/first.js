// Runs before the page is drawn, so that a folded navigation does not jump.
document.documentElement.dataset.nav = localStorage.getItem("cartera.nav") ?? "";
