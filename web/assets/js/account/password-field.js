//! Password inputs: with a look at what one types, and for new ones with words on how good it is.

import { h, setText } from "../dom.js";
import { fillIcon, icon } from "../icons.js";
import { t } from "../i18n.js";
import { Field } from "../form.js";
import { LEAST, strength } from "./strength.js";

/** A password that exists: `name` is "password" or "current". */
export function currentPassword({ name = "password", label = t("account.password"), missing = t("account.password_missing") } = {}) {
  return shown(new Field({ name, label, type: "password", autocomplete: "current-password", trim: false, test: name, check: (value) => (value === "" ? missing : null) }));
}

/** What a refused proof means: the wrong password in `field`, or, where there is none, a sign-in too long ago. */
export function judgeProof({ code }, field) {
  if (code !== "unauthenticated" && code !== "forbidden") return null;
  return field ? { field: field.name, words: t("account.bad_password") } : { words: t("account.prove") };
}

/** A password to be. `optional` lets it be empty. */
export function newPassword({ optional = false, label = t(optional ? "account.password_optional" : "account.password_new"), note = t("account.password_note") } = {}) {
  const check = (value) => {
    if (value === "") return optional ? null : t("account.password_missing");
    return [...value].length < LEAST ? t("account.weak_short") : null;
  };
  const field = shown(new Field({ name: "password", label, note, type: "password", autocomplete: "new-password", trim: false, test: "password", check }));
  const words = h("span", { class: "strength-words", role: "status", test: "strength" });
  const gauge = h("div", { class: "strength", hidden: true, data: { level: "0" } }, h("span", { class: "strength-bar", "aria-hidden": "true" }), words);
  field.input.addEventListener("input", () => {
    const level = strength(field.value);
    gauge.hidden = field.value === "";
    gauge.dataset.level = String(level);
    setText(words, gauge.hidden ? "" : t(`account.strength_${level}`));
  });
  field.element.insertBefore(gauge, field.error);
  return field;
}

/** Adds the button that shows what is typed. */
function shown(field) {
  const drawing = icon("eye");
  const button = h("button", { class: "icon-button", type: "button", "aria-pressed": "false", "aria-label": t("account.password_show"), title: t("account.password_show"), "aria-controls": field.input.id }, drawing);
  button.addEventListener("click", () => {
    const show = field.input.type === "password";
    field.input.type = show ? "text" : "password";
    fillIcon(drawing, show ? "eye-off" : "eye");
    button.setAttribute("aria-pressed", String(show));
  });
  const row = h("div", { class: "input-with-button" });
  field.input.replaceWith(row);
  row.append(field.input, button);
  field.input.setAttribute("autocapitalize", "none");
  field.input.setAttribute("spellcheck", "false");
  return field;
}
