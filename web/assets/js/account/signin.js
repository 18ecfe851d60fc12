//! Signing in: by password, or by a code to one's e-mail address or phone.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../api.js";
import { Field, Form, required } from "../form.js";
import { arrive, doorAddress } from "./arrive.js";
import { codeStep } from "./code-step.js";
import { door } from "./frame.js";
import { currentPassword } from "./password-field.js";

/** Draws the view. Returns what ends it. */
export function showSignIn(root) {
  let stop = () => {};
  const show = (step) => {
    stop();
    stop = step.stop ?? (() => {});
    const foot = [t("account.new_here"), " ", h("a", { href: doorAddress("/signup"), text: t("account.signup"), test: "to-signup" })];
    door(root, { title: t("account.signin"), content: step.element, foot, test: "signin" });
    step.focus();
  };
  const byPassword = (login = "") => show(passwordStep({ login, byCode, confirm }));
  const byCode = (login = "") => show(addressStep({ login, byPassword, sent }));
  const sent = (target, flow) => show(codeStep({ ...flow, target, back: () => byCode(target), verify: (id, code) => enter("/login/code/verify", id, code) }));
  const confirm = (target, flow) => show(codeStep({ flow, target, back: () => byPassword(target), verify: (id, code) => enter("/accounts/verify", id, code) }));
  byPassword();
  return () => stop();
}

async function enter(path, flow, code) {
  await arrive(await ask("POST", path, { flow, code, session: "cookie" }));
}

function passwordStep({ login, byCode, confirm }) {
  const who = new Field({
    name: "login",
    label: t("account.login"),
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    value: login,
    test: "login",
    check: required(t("account.login_missing")),
  });
  const password = currentPassword();
  const send = async (values) => {
    try {
      await arrive(await ask("POST", "/login", { ...values, session: "cookie" }));
    } catch (error) {
      if (error.code !== "unverified") throw error;
      confirm(values.login, error.flow);
    }
  };
  const judge = ({ code }) => (code === "unauthenticated" ? { field: "password", words: t("account.bad_login") } : null);
  const form = new Form({ fields: [who, password], submit: t("account.signin"), send, judge, foot: h("a", { href: "/forgot", text: t("account.forgot"), test: "to-forgot" }), test: "signin-form" });
  const instead = h("button", { class: "button outline wide", type: "button", text: t("account.by_code"), test: "by-code", on: { click: () => byCode(who.value) } });
  return { element: h("div", { class: "steps" }, form.element, or(), instead), focus: () => form.focus() };
}

function addressStep({ login, byPassword, sent }) {
  const who = new Field({
    name: "address",
    label: t("account.address"),
    note: t("account.address_note"),
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    value: login,
    test: "address",
    check: required(t("account.address_missing")),
  });
  const send = async ({ address }) => sent(address, await ask("POST", "/login/code", address.includes("@") ? { email: address } : { phone: address }));
  const judge = ({ code, field }) => (code === "invalid_email" || code === "invalid_phone" || field === "phone" || field === "email" ? { field: "address", words: t("account.bad_address") } : null);
  const form = new Form({ fields: [who], submit: t("account.send_code"), send, judge, test: "address-form" });
  const instead = h("button", { class: "button outline wide", type: "button", text: t("account.by_password"), test: "by-password", on: { click: () => byPassword(who.value) } });
  return { element: h("div", { class: "steps" }, form.element, or(), instead), focus: () => form.focus() };
}

function or() {
  return h("p", { class: "or" }, h("span", { text: t("account.or") }));
}
