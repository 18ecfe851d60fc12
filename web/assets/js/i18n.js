//! Finds the text for a key in the chosen language, English where one lacks it.

import { prefs } from "./prefs.js";

const LANGUAGES = {
  en: [() => import("../lang/en.js"), () => import("../lang/en-room.js"), () => import("../lang/en-account.js")],
  de: [() => import("../lang/de.js"), () => import("../lang/de-room.js"), () => import("../lang/de-account.js")],
};

/** What the language menu offers, each in its own words. */
export const languages = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
];

let texts = {};
let fallback = {};
let current = "en";

async function load(code) {
  const parts = await Promise.all(LANGUAGES[code].map((part) => part()));
  return Object.assign({}, ...parts.map((part) => part.default));
}

/** The language asked for: remembered choice, `?lang=`, else the browser's first one we have. */
function wanted() {
  const asked = [new URLSearchParams(location.search).get("lang"), prefs.language, ...navigator.languages];
  const found = asked.filter(Boolean).map((tag) => tag.slice(0, 2).toLowerCase());
  return found.find((code) => code in LANGUAGES) ?? "en";
}

/** Loads the texts; call once before anything is drawn, and again with a code to change the language. */
export async function setLanguage(code = wanted()) {
  fallback = await load("en");
  texts = code === "en" ? fallback : await load(code);
  current = code;
  document.documentElement.lang = code;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
}

export function language() {
  return current;
}

function find(source, key) {
  return key.split(".").reduce((at, step) => at?.[step], source);
}

/** Whether there are words for `key`. */
export function has(key) {
  return (find(texts, key) ?? find(fallback, key)) !== undefined;
}

/** The text for `key`; `values` fill `{name}` places, a number goes to texts that count. */
export function t(key, values = {}) {
  const text = find(texts, key) ?? find(fallback, key);
  if (text === undefined) return key;
  if (typeof text === "function") return text(values);
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** A clock time such as 14:05 or 2:05 PM in the chosen language. */
export function clock(date) {
  return new Intl.DateTimeFormat(current, { hour: "numeric", minute: "2-digit" }).format(date);
}

/** A day in words: today, yesterday, or a date. */
export function day(date) {
  const start = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  const days = Math.round((start(new Date()) - start(date)) / 86_400_000);
  if (days === 0) return t("landing.today");
  if (days === 1) return t("landing.yesterday");
  return new Intl.DateTimeFormat(current, { day: "numeric", month: "long" }).format(date);
}

/** A date with its year. */
export function longDay(date) {
  return new Intl.DateTimeFormat(current, { dateStyle: "medium" }).format(date);
}

/** The words for a refusal by its stable code. */
export function refusal(error) {
  const code = error?.code ?? "other";
  const key = `errors.${code}`;
  const text = t(key);
  return text === key ? t("errors.other", { code: error?.code ?? error?.message ?? "?" }) : text;
}
