//! Copies text and says so.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

/** Copies `text`; says `done`, or `failed` where the browser refuses. */
export async function copyText(text, done = t("room.copied"), failed = text) {
  const worked = (await modernCopy(text)) || oldCopy(text);
  toast(worked ? done : failed, { icon: worked ? "check" : "warn", test: "copied" });
  return worked;
}

async function modernCopy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** For addresses that aren't https, where the clipboard API is absent. */
function oldCopy(text) {
  const area = h("textarea", { class: "sr-only", readonly: true });
  area.value = text;
  const back = document.activeElement;
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const worked = document.execCommand("copy");
  area.remove();
  back?.focus();
  return worked;
}
