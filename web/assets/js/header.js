//! The head of landing, preview and ending: wordmark, language and appearance.

import { h } from "./dom.js";
import { icon, fillIcon, mark } from "./icons.js";
import { language, languages, setLanguage, t } from "./i18n.js";
import { prefs } from "./prefs.js";
import { nextTheme, theme, THEME_ICON } from "./theme.js";

/** `redraw` is called after the language changed. */
export function header(redraw) {
  return h(
    "header",
    { class: "site-head" },
    h("a", { class: "wordmark", href: "/", "aria-label": t("app.name") }, mark(), h("span", { text: t("app.name") })),
    h("div", { class: "site-tools" }, languageMenu(redraw), themeButton()),
  );
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
