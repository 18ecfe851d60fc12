//! One's data: all of it as a file, and the end of the account.

import { h } from "../dom.js";
import { longDay, t } from "../i18n.js";
import { ask } from "../api.js";
import { Form } from "../form.js";
import { openDialog } from "../dialog.js";
import { signedOut } from "../me.js";
import { door, section } from "./frame.js";
import { currentPassword, judgeProof } from "./password-field.js";

/** `user()` is the account as it is now. */
export function dataSection(user) {
  const save = h("a", { class: "button small", href: "/v1/me/export", download: "convene-account.json", text: t("account.export_do"), test: "export" });
  const end = h("button", { class: "button small outline danger-text", type: "button", text: t("account.delete_do"), test: "delete", on: { click: () => askDelete(user()) } });
  return section(t("account.data"), { test: "data" }, h("div", { class: "card-lines" }, row(t("account.export"), t("account.export_note"), save), row(t("account.delete"), t("account.delete_note"), end)));
}

function row(name, note, action) {
  return h("div", { class: "listing-row" }, h("div", { class: "listing-words" }, h("span", { class: "listing-name", text: name }), h("span", { class: "listing-note", text: note })), action);
}

function askDelete(user) {
  const password = user.has_password ? currentPassword() : null;
  const send = async (values) => {
    const { delete_after } = await ask("DELETE", "/me", password ? { password: values.password } : {});
    opened.dialog.close();
    signedOut();
    const home = h("a", { class: "button primary wide", href: "/", text: t("end.home"), test: "home" });
    door(document.getElementById("app"), { title: t("account.deleted_title"), lead: t("account.deleted", { day: longDay(new Date(delete_after)) }), content: home, test: "deleted" });
    document.getElementById("main").focus();
  };
  const judge = (error) => judgeProof(error, password);
  const form = new Form({ fields: [password].filter(Boolean), submit: t("account.delete_yes"), send, judge, test: "delete-form" });
  form.button.classList.replace("primary", "danger");
  const opened = openDialog({ title: t("account.delete_title"), content: [h("p", { text: t("account.delete_what") }), form.element], test: "delete-dialog" });
}
