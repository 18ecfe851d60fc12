//! Runs before the first paint: puts the chosen appearance on the document so that nothing flashes, and takes the secret
//! of a reset link out of the address bar before anything else can read it there.
(() => {
  try {
    const theme = JSON.parse(localStorage.getItem("convene.theme"));
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // No storage, no choice: the system decides.
  }
  if (location.pathname !== "/reset") return;
  const token = [location.hash.slice(1), location.search].map((part) => new URLSearchParams(part).get("token")).find(Boolean);
  if (token) history.replaceState({ reset: token }, "", "/reset");
})();
