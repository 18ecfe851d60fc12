//! One's name, username and language.

import { h, uid } from "../dom.js";
import { languages, t } from "../i18n.js";
import { ask } from "../api.js";
import { Field, Form, required } from "../form.js";
import { toast } from "../toast.js";
import { section } from "./frame.js";

/** The section; `changed(user)` hears what the server made of it. */
export function profileSection(user, changed) {
  const name = new Field({ name: "name", label: t("account.name"), note: t("account.name_note"), autocomplete: "name", maxlength: "60", value: user.name, test: "profile-name", check: required(t("account.name_missing")) });
  const username = new Field({ name: "username", label: t("account.username_optional"), note: t("account.username_note"), autocomplete: "off", autocapitalize: "none", spellcheck: "false", value: user.username ?? "", test: "profile-username" });
  const id = uid("locale");
  const locale = h("select", { class: "select", id, test: "profile-locale" }, languages.map(({ code, name: words }) => h("option", { value: code, lang: code, text: words })));
  locale.value = languages.find(({ code }) => user.locale?.startsWith(code))?.code ?? "en";
  const localeField = h("div", { class: "field" }, h("label", { for: id, text: t("account.locale") }), locale);
  const send = async (values) => {
    const wish = {};
    if (values.name !== user.name) wish.name = values.name;
    if (values.username !== (user.username ?? "")) wish.username = values.username === "" ? null : values.username;
    if (locale.value !== user.locale) wish.locale = locale.value;
    if (Object.keys(wish).length > 0) user = changed(await ask("PATCH", "/me", wish));
    toast(t("room.saved"), { icon: "check", test: "saved" });
  };
  const form = new Form({ fields: [name, username, localeField], submit: t("account.save"), send, quiet: true, test: "profile-form" });
  return section(t("account.profile"), { test: "profile" }, form.element);
}
