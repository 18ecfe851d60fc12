//! What stands round the account's views: the card to sign in with, and the pages of one's own with their tabs.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { header } from "../header.js";
import { initials, tone } from "../names.js";
import { again } from "../route.js";
import { tableArt } from "../table-art.js";

/** A view with one thing to do, beside the table. */
export function door(root, { title, lead = null, content, foot = null, test }) {
  document.title = `${title} – ${t("app.name")}`;
  root.replaceChildren(
    h(
      "div",
      { class: "landing" },
      header(again),
      h(
        "main",
        { id: "main", class: "hero door", tabindex: "-1", test },
        h("div", { class: "door-card" }, h("h1", { text: title }), lead === null ? null : h("p", { class: "door-lead", text: lead }), content, foot === null ? null : h("p", { class: "door-foot" }, foot)),
        h("div", { class: "hero-art" }, tableArt()),
      ),
    ),
  );
}

const TABS = ["meetings", "history", "account"];

/** A page of one's own: `user` on top, tabs, then `content`. */
export function own(root, { user, tab, content }) {
  const title = t(`account.tab_${tab}`);
  document.title = `${title} – ${t("app.name")}`;
  root.replaceChildren(
    h(
      "div",
      { class: "own-page" },
      header(again),
      h(
        "main",
        { id: "main", class: "own-body", tabindex: "-1", test: tab },
        h("h1", { class: "sr-only", text: title }),
        h(
          "div",
          { class: "own-head" },
          h("div", { class: `row-face own-face ${tone(user.id)}`, "aria-hidden": "true", text: initials(user.name) }),
          h("p", { class: "own-name", text: user.name, test: "own-name" }),
          h("nav", { class: "tabs", "aria-label": t("account.tabs") }, TABS.map((name) => tabLink(name, tab))),
        ),
        h("div", { class: "own-main" }, content),
      ),
    ),
  );
}

function tabLink(name, current) {
  return h("a", { class: "tab", href: `/${name}`, "aria-current": name === current ? "page" : null, text: t(`account.tab_${name}`), test: `tab-${name}` });
}

/** While the server is asked. */
export function waiting(root) {
  root.replaceChildren(h("main", { id: "main", class: "preview-wait", tabindex: "-1" }, h("span", { class: "spinner" }), h("p", { role: "status", text: t("account.loading") })));
}

/** A titled part of a page. */
export function section(title, { note = null, test } = {}, ...content) {
  return h("section", { class: "card", "aria-label": title, test }, h("h2", { text: title }), note === null ? null : h("p", { class: "field-note", text: note }), ...content);
}

/** A line of a section: what it is, how it is, what can be done. */
export function line(label, value, ...actions) {
  return h("div", { class: "card-line" }, h("div", { class: "card-words" }, h("span", { class: "card-label", text: label }), h("span", { class: "card-value" }, value)), h("div", { class: "card-actions" }, actions));
}
