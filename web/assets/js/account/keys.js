//! Keys for servers and scripts: made with a name and what they may do, shown once, taken back.

import { h } from "../dom.js";
import { longDay, t } from "../i18n.js";
import { ask } from "../api.js";
import { errorWords } from "../words.js";
import { Field, Form, required } from "../form.js";
import { confirm, openDialog } from "../dialog.js";
import { copyText } from "../clipboard.js";
import { icon } from "../icons.js";
import { switchRow } from "../settings.js";
import { toast } from "../toast.js";
import { section } from "./frame.js";
import { loadInto } from "./listing.js";

const SCOPES = ["rooms:read", "rooms:write", "moderate", "events:read"];

export function keysSection() {
  const list = h("ul", { class: "listing", test: "keys" });
  const load = () =>
    loadInto(
      list,
      async () => {
        const { keys } = await ask("GET", "/keys");
        return keys.filter((key) => !key.revoked_at).map((key) => keyRow(key, load));
      },
      t("account.no_keys"),
    );
  const make = h("button", { class: "button small", type: "button", text: t("account.key_new"), test: "new-key", on: { click: () => newKey(load) } });
  void load();
  return section(t("account.keys"), { note: t("account.keys_note"), test: "api-keys" }, list, make);
}

function keyRow(key, load) {
  const used = key.last_used_at ? t("account.key_used", { day: longDay(new Date(key.last_used_at)) }) : t("account.key_unused");
  const scopes = [key.scopes].flat().join(" ").split(" ").map(scopeWords).join(", ");
  const revoke = async () => {
    if (!(await confirm({ title: t("account.key_revoke_title", { name: key.name }), text: t("account.key_revoke_note"), yes: t("account.key_revoke"), danger: true }))) return;
    try {
      await ask("DELETE", `/keys/${encodeURIComponent(key.id)}`);
      await load();
    } catch (error) {
      toast(errorWords(error), { icon: "warn", urgent: true, test: "refused" });
    }
  };
  return h(
    "li",
    { class: "listing-row", test: "key" },
    h("span", { class: "listing-icon" }, icon("key")),
    h("div", { class: "listing-words" }, h("span", { class: "listing-name", text: key.name }), h("span", { class: "listing-note", text: `${key.prefix}… · ${scopes} · ${used}` })),
    h("button", { class: "button small outline", type: "button", "aria-label": `${key.name}: ${t("account.key_revoke")}`, text: t("account.key_revoke"), test: "revoke-key", on: { click: revoke } }),
  );
}

function newKey(load) {
  const name = new Field({ name: "name", label: t("account.key_name"), autocomplete: "off", maxlength: "60", test: "key-name", check: required(t("account.name_missing")) });
  const chosen = new Set(["rooms:read"]);
  const choose = (scope) => (on) => (on ? chosen.add(scope) : chosen.delete(scope));
  const scopes = h("fieldset", { class: "fieldset" }, h("legend", { text: t("account.key_may") }), SCOPES.map((scope) => switchRow(`account.scope_${scope.replace(":", "_")}`, chosen.has(scope), choose(scope), `scope-${scope}`)));
  const send = async (values) => {
    const made = await ask("POST", "/keys", { name: values.name, scopes: SCOPES.filter((scope) => chosen.has(scope)) });
    opened.dialog.close();
    showSecret(made.secret);
    await load();
  };
  const form = new Form({ fields: [name, scopes], submit: t("account.key_make"), send, test: "key-form" });
  const opened = openDialog({ title: t("account.key_new"), content: form.element, test: "key-dialog" });
  form.focus();
}

function showSecret(secret) {
  const copy = h("button", { class: "button primary", type: "button", test: "copy-key", on: { click: () => copyText(secret) } }, icon("copy"), t("account.key_copy"));
  openDialog({ title: t("account.key_once_title"), content: [h("p", { text: t("account.key_once") }), h("code", { class: "secret", text: secret, test: "key-secret" })], actions: [copy], test: "key-shown" });
}

function scopeWords(scope) {
  return t(`account.scope_${scope.replace(":", "_")}`);
}
