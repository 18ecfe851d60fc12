//! Keeps the screen from going dark during a call, where the browser can.

/** Returns what lets it sleep again. */
export function stayAwake() {
  let lock = null;
  let over = false;
  const ask = async () => {
    if (over || document.visibilityState !== "visible") return;
    // Refused on low battery, absent on old browsers: the call doesn't depend on it.
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (over) lock?.release();
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", ask);
    lock?.release();
  };
}
