//! Light, dark, or like the system; kept on the device and shown by `data-theme` on the document.

import { prefs } from "./prefs.js";

const ORDER = [null, "light", "dark"];

export function theme() {
  return prefs.theme;
}

export function setTheme(choice) {
  prefs.theme = choice;
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
}

/** The next of system, light, dark. */
export function nextTheme() {
  setTheme(ORDER[(ORDER.indexOf(prefs.theme) + 1) % ORDER.length]);
  return prefs.theme;
}

export const THEME_ICON = { system: "auto", light: "sun", dark: "moon" };
