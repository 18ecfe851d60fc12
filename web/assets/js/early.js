//! Runs before the first paint: puts the chosen appearance on the document so that nothing flashes.
(() => {
  try {
    const theme = JSON.parse(localStorage.getItem("convene.theme"));
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // No storage, no choice: the system decides.
  }
})();
