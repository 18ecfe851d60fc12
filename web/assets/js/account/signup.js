//! Making an account: a name, an address to be reached at, a password if one likes; then the code that came there.

import { h } from "../dom.js";
import { language, t } from "../i18n.js";
import { ask } from "../api.js";
import { Field, Form, required } from "../form.js";
import { prefs } from "../prefs.js";
import { arrive, doorAddress } from "./arrive.js";
import { codeStep } from "./code-step.js";
import { door } from "./frame.js";
import { newPassword } from "./password-field.js";

/** Draws the view. Returns what ends it. */
export function showSignUp(root) {
  let stop = () => {};
  const form = signUpForm((target, answer) => confirm(target, answer));
  const show = (step, lead) => {
    stop();
    stop = step.stop ?? (() => {});
    const foot = [t("account.have_one"), " ", h("a", { href: doorAddress("/signin"), text: t("account.signin"), test: "to-signin" })];
    door(root, { title: t("account.signup"), lead, content: step.element, foot, test: "signup" });
    step.focus();
  };
  const fill = () => show(form, t("account.signup_lead"));
  const confirm = (target, answer) => show(codeStep({ ...answer, target, back: fill, verify: enter }), null);
  fill();
  return () => stop();
}

async function enter(flow, code) {
  await arrive(await ask("POST", "/accounts/verify", { flow, code, session: "cookie" }));
}

function signUpForm(sent) {
  const name = new Field({ name: "name", label: t("account.name"), note: t("account.name_note"), autocomplete: "name", maxlength: "60", value: prefs.name, test: "name", check: required(t("account.name_missing")) });
  const email = new Field({ name: "email", label: t("account.email"), type: "email", autocomplete: "username", inputmode: "email", test: "email", check: required(t("account.email_missing")) });
  const phone = phoneField();
  const swap = h("button", { class: "link-button", type: "button", test: "swap-factor" });
  const username = new Field({ name: "username", label: t("account.username_optional"), note: t("account.username_note"), autocomplete: "off", autocapitalize: "none", spellcheck: "false", test: "username" });
  const password = newPassword({ optional: true, note: t("account.password_optional_note") });

  const choose = (byPhone) => {
    email.element.hidden = byPhone;
    phone.element.hidden = !byPhone;
    swap.textContent = t(byPhone ? "account.use_email" : "account.use_phone");
  };
  choose(false);
  swap.addEventListener("click", () => {
    choose(phone.element.hidden);
    (phone.element.hidden ? email : phone).input.focus();
  });

  const send = async (values) => {
    const factor = phone.element.hidden ? { email: values.email } : { phone: values.phone };
    const wish = { name: values.name, ...factor, locale: language() };
    if (values.username) wish.username = values.username;
    if (values.password) wish.password = values.password;
    sent(Object.values(factor)[0], await ask("POST", "/accounts", wish));
  };
  const judge = ({ code }) => (code === "forbidden" ? { words: t("account.closed") } : null);
  const form = new Form({ fields: [name, email, phone, swap, password, username], submit: t("account.signup_submit"), send, judge, test: "signup-form" });
  return { element: form.element, focus: () => form.focus() };
}

/** Shared with the account page. */
export function phoneField() {
  return new Field({ name: "phone", label: t("account.phone"), note: t("account.phone_note"), type: "tel", autocomplete: "tel", inputmode: "tel", test: "phone", check: required(t("account.phone_missing")) });
}
