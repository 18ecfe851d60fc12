//! The head of every view but the call: wordmark, language, appearance, and who is signed in.

import { h } from "./dom.js";
import { icon, fillIcon, mark } from "./icons.js";
import { language, languages, setLanguage, t } from "./i18n.js";
import { me, onMe, signOut } from "./me.js";
import { openMenu } from "./menu.js";
import { initials, tone } from "./names.js";
import { prefs } from "./prefs.js";
import { go } from "./route.js";
import { nextTheme, theme, THEME_ICON } from "./theme.js";
import { toast } from "./toast.js";
import { errorWords } from "./words.js";

/** `redraw` is called after the language changed. */
export function header(redraw) {
  return h(
    "header",
    { class: "site-head" },
    h("a", { class: "wordmark", href: "/", "aria-label": t("app.name") }, mark(), h("span", { text: t("app.name") })),
    h("div", { class: "site-tools" }, languageMenu(redraw), themeButton(), accountPlace()),
  );
}

/** The way in for guests; for others their menu. Follows as long as it is in the document. */
function accountPlace() {
  const place = h("div", { class: "account-place" });
  const show = () => place.replaceChildren(me() ? accountButton(me()) : h("a", { class: "button small outline", href: signInAddress(), text: t("account.signin"), test: "to-signin" }));
  const stop = onMe(() => (place.isConnected ? show() : stop()));
  show();
  return place;
}

/** From a meeting's door one comes back to it. */
function signInAddress() {
  return location.pathname.startsWith("/m/") ? `/signin?next=${encodeURIComponent(location.pathname)}` : "/signin";
}

function accountButton({ id, name }) {
  const button = h("button", { class: `account-button ${tone(id)}`, type: "button", "aria-label": t("account.menu", { name }), title: name, "aria-haspopup": "dialog", "aria-expanded": "false", data: { initials: initials(name) }, test: "account-menu" });
  const leave = async () => {
    try {
      await signOut();
      await go("/");
      toast(t("account.signed_out"), { icon: "check", test: "signed-out" });
    } catch (error) {
      toast(errorWords(error), { icon: "warn", urgent: true, test: "refused" });
    }
  };
  const items = () => [
    { icon: "grid", text: t("account.tab_meetings"), act: () => go("/meetings"), test: "menu-meetings" },
    { icon: "clock", text: t("account.tab_history"), act: () => go("/history"), test: "menu-history" },
    { icon: "person", text: t("account.tab_account"), act: () => go("/account"), test: "menu-account" },
    "line",
    { icon: "leave", text: t("account.signout"), act: leave, test: "sign-out" },
  ];
  button.addEventListener("click", () => openMenu(button, items(), { label: t("account.menu", { name }) }));
  return button;
}

function languageMenu(redraw) {
  const choose = async (event) => {
    prefs.language = event.target.value;
    await setLanguage(event.target.value);
    redraw();
    document.querySelector("[data-test=language]")?.focus();
  };
  return h(
    "select",
    { class: "select quiet", "aria-label": t("app.language"), test: "language", on: { change: choose } },
    languages.map(({ code, name }) => h("option", { value: code, selected: code === language(), lang: code, text: name })),
  );
}

function themeButton() {
  const drawing = icon(THEME_ICON[theme() ?? "system"]);
  const button = h("button", { class: "icon-button", type: "button", test: "theme" }, drawing);
  const show = () => {
    const now = theme() ?? "system";
    fillIcon(drawing, THEME_ICON[now]);
    button.setAttribute("aria-label", t(`app.theme_${now}`));
    button.title = t(`app.theme_${now}`);
  };
  button.addEventListener("click", () => {
    nextTheme();
    show();
  });
  show();
  return button;
}
