//! The ways in: e-mail address and phone, each confirmed by a code before it counts, and the password.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../api.js";
import { errorWords } from "../words.js";
import { Field, Form, required } from "../form.js";
import { confirm, openDialog } from "../dialog.js";
import { toast } from "../toast.js";
import { codeStep } from "./code-step.js";
import { line, section } from "./frame.js";
import { currentPassword, judgeProof, newPassword } from "./password-field.js";
import { phoneField } from "./signup.js";

const FACTORS = {
  email: { label: "account.email", field: () => new Field({ name: "email", label: t("account.email"), type: "email", autocomplete: "email", inputmode: "email", test: "email", check: required(t("account.email_missing")) }) },
  phone: { label: "account.phone", field: phoneField },
};

/** The section, kept up to date by itself; `changed(user)` hears of it too. */
export function signInSection(user, changed) {
  const lines = h("div", { class: "card-lines" });
  const show = (now) => {
    user = now;
    lines.replaceChildren(factorLine("email", user, take), factorLine("phone", user, take), passwordLine(user, take));
  };
  const take = (now) => show(changed(now));
  show(user);
  return section(t("account.ways"), { note: t("account.ways_note"), test: "ways" }, lines);
}

function factorLine(kind, user, take) {
  const value = user[kind];
  const label = t(FACTORS[kind].label);
  const change = h("button", { class: "button small", type: "button", "aria-label": `${label}: ${t(value ? "account.change" : "account.add")}`, text: t(value ? "account.change" : "account.add"), test: `change-${kind}`, on: { click: () => changeFactor(kind, value, take) } });
  const remove = value && h("button", { class: "button small outline", type: "button", "aria-label": `${label}: ${t("account.remove")}`, text: t("account.remove"), test: `remove-${kind}`, on: { click: () => removeFactor(kind, value, user, take) } });
  return line(label, value ?? t("account.none"), change, remove || null);
}

/** Asks for the new address, then for the code that was sent there. */
function changeFactor(kind, before, take) {
  const place = h("div", { class: "steps" });
  let stop = () => {};
  const opened = openDialog({ title: t(before ? `account.change_${kind}` : `account.add_${kind}`), content: place, test: "factor-dialog", onClose: () => stop() });
  const put = (step) => {
    stop();
    stop = step.stop ?? (() => {});
    place.replaceChildren(step.element);
    step.focus();
  };
  const askAddress = () => {
    const send = async (values) => confirmCode(values[kind], await ask("POST", `/me/${kind}`, values));
    const form = new Form({ fields: [FACTORS[kind].field()], submit: t("account.send_code"), send, test: "factor-form" });
    put({ element: form.element, focus: () => form.focus() });
  };
  const confirmCode = (target, answer) => {
    const verify = async (flow, code) => {
      const user = await ask("POST", `/me/${kind}/verify`, { flow, code });
      opened.dialog.close();
      take(user);
      toast(t(`account.saved_${kind}`), { icon: "check", test: "saved" });
    };
    put(codeStep({ ...answer, target, back: askAddress, verify }));
  };
  askAddress();
}

async function removeFactor(kind, value, user, take) {
  const sure = await confirm({ title: t(`account.remove_${kind}`), text: t("account.remove_note", { value }), yes: t("account.remove"), danger: true });
  if (!sure) return;
  try {
    await ask("DELETE", `/me/${kind}`);
    take({ ...user, [kind]: null });
  } catch (error) {
    const words = error.code === "invalid_field" ? t("account.last_way") : errorWords(error);
    toast(words, { icon: "warn", urgent: true, test: "refused" });
  }
}

function passwordLine(user, take) {
  const change = h("button", { class: "button small", type: "button", "aria-label": `${t("account.password")}: ${t(user.has_password ? "account.change" : "account.add")}`, text: t(user.has_password ? "account.change" : "account.add"), test: "change-password", on: { click: () => changePassword(user, take) } });
  return line(t("account.password"), user.has_password ? "••••••••" : t("account.none"), change);
}

function changePassword(user, take) {
  // Which account the password is of: for password managers, which read forms.
  const who = h("input", { class: "sr-only", name: "login", autocomplete: "username", value: user.email ?? user.username ?? user.phone ?? "", readonly: true, tabindex: "-1", "aria-hidden": "true" });
  const current = user.has_password ? currentPassword({ name: "current", label: t("account.password_current") }) : null;
  const password = newPassword();
  const send = async (values) => {
    await ask("POST", "/me/password", { password: values.password, ...(current && { current: values.current }) });
    opened.dialog.close();
    take({ ...user, has_password: true });
    toast(t("account.password_saved"), { icon: "check", test: "saved" });
  };
  const judge = (error) => judgeProof(error, current);
  const form = new Form({ fields: [who, current, password].filter(Boolean), submit: t("account.save"), send, judge, test: "password-form" });
  const opened = openDialog({ title: t(user.has_password ? "account.change_password" : "account.add_password"), content: [h("p", { class: "field-note", text: t("account.password_others") }), form.element], test: "password-dialog" });
  form.focus();
}
