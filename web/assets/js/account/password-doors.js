//! A forgotten password: asking for the link, and choosing a new one with it.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { ask } from "../api.js";
import { Field, Form, required } from "../form.js";
import { signedOut } from "../me.js";
import { door } from "./frame.js";
import { newPassword } from "./password-field.js";

/** Asks where the link may go. The answer is the same whether an account has that address or not. */
export function showForgot(root) {
  const email = new Field({ name: "email", label: t("account.email"), type: "email", autocomplete: "username", inputmode: "email", test: "email", check: required(t("account.email_missing")) });
  const send = async (values) => {
    await ask("POST", "/password/forgot", values);
    const words = h("p", { class: "step-words", role: "status", text: t("account.forgot_sent", { target: values.email }), test: "forgot-sent" });
    draw(h("div", { class: "steps" }, words, h("p", { class: "field-note", text: t("account.forgot_none") })), null);
    document.getElementById("main").focus();
  };
  const draw = (content, lead) => door(root, { title: t("account.forgot_title"), lead, content, foot: h("a", { href: "/signin", text: t("account.back_to_signin"), test: "to-signin" }), test: "forgot" });
  const form = new Form({ fields: [email], submit: t("account.forgot_submit"), send, test: "forgot-form" });
  draw(form.element, t("account.forgot_lead"));
  form.focus();
}

/** Takes the new password. The secret of the link came through early.js, which took it out of the address bar. */
export function showReset(root) {
  const token = history.state?.reset;
  if (!token) {
    deadEnd(root);
    return followLinks();
  }
  const password = newPassword();
  const send = async (values) => {
    await ask("POST", "/password/reset", { token, password: values.password });
    history.replaceState(null, "", "/reset");
    signedOut();
    const on = h("a", { class: "button primary wide", href: "/signin", text: t("account.signin"), test: "to-signin" });
    door(root, { title: t("account.reset_done_title"), lead: t("account.reset_done"), content: on, test: "reset-done" });
    document.getElementById("main").focus();
  };
  const judge = ({ code }) => {
    if (code !== "token_invalid") return null;
    history.replaceState(null, "", "/reset");
    deadEnd(root);
    document.getElementById("main").focus();
    return { words: t("account.reset_dead") };
  };
  const form = new Form({ fields: [password], submit: t("account.reset_submit"), send, judge, test: "reset-form" });
  door(root, { title: t("account.reset_title"), lead: t("account.reset_lead"), content: form.element, test: "reset" });
  form.focus();
  return followLinks();
}

/** A link of a newer mail, opened where this view stands: only its fragment is another. Returns what ends the watch. */
function followLinks() {
  const look = () => location.hash.includes("token=") && location.reload();
  window.addEventListener("hashchange", look);
  return () => window.removeEventListener("hashchange", look);
}

function deadEnd(root) {
  const on = h("a", { class: "button primary wide", href: "/forgot", text: t("account.reset_again"), test: "to-forgot" });
  door(root, { title: t("account.reset_dead_title"), lead: t("account.reset_dead"), content: on, test: "reset-dead" });
}
