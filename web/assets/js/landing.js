//! The start page: new meeting, join by code or link, recent meetings.

import { Convene } from "../../sdk/v1.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { clock, day, refusal, t } from "./i18n.js";
import { header } from "./header.js";
import { me } from "./me.js";
import { forgetMeeting, recentMeetings } from "./prefs.js";
import { tableArt } from "./table-art.js";
import { readCode } from "./code.js";
import { again, go } from "./route.js";

const open = (code) => go(`/m/${encodeURIComponent(code)}`);

/** Draws the start page into `root`. */
export function showLanding(root) {
  document.title = t("app.title_landing");
  root.replaceChildren(
    h(
      "div",
      { class: "landing" },
      header(again),
      h(
        "main",
        { id: "main", class: "hero", tabindex: "-1" },
        h(
          "div",
          { class: "hero-text" },
          h("h1", { text: t("landing.headline") }),
          h("p", { class: "lead", text: t("landing.lead") }),
          startButton(),
          joinForm(),
          recentList(),
        ),
        h("div", { class: "hero-art" }, tableArt()),
      ),
      h("footer", { class: "site-foot" }, h("a", { href: "/docs", text: t("landing.docs") })),
    ),
  );
}

function startButton() {
  const failure = h("p", { class: "field-error", role: "alert", hidden: true });
  const label = h("span", { text: t("landing.new") });
  const button = h("button", { class: "button primary large", type: "button", test: "new-meeting" }, icon("plus"), label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    label.textContent = t("landing.creating");
    failure.hidden = true;
    try {
      const { room } = await Convene.create();
      await open(room.code);
    } catch (error) {
      const guestsMayNot = error.code === "forbidden" || error.code === "unauthenticated";
      failure.textContent = guestsMayNot ? t("landing.create_refused") : t("landing.create_failed", { reason: refusal(error) });
      if (guestsMayNot && !me()) failure.append(" ", h("a", { href: "/signin", text: t("account.signin") }));
      failure.hidden = false;
      button.disabled = false;
      label.textContent = t("landing.new");
    }
  });
  return h("div", { class: "hero-start" }, button, failure);
}

function joinForm() {
  const failure = h("p", { class: "field-error", id: "code-error", role: "alert", hidden: true });
  const input = h("input", {
    class: "input",
    id: "code",
    name: "code",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: t("landing.code_hint"),
    "aria-describedby": "code-error",
    test: "code",
  });
  const join = (event) => {
    event.preventDefault();
    const code = readCode(input.value);
    input.setAttribute("aria-invalid", String(code === null));
    failure.hidden = code !== null;
    failure.textContent = code === null ? t("landing.code_bad") : "";
    if (code === null) input.focus();
    else open(code);
  };
  return h(
    "form",
    { class: "join-form", novalidate: true, on: { submit: join } },
    h("label", { for: "code", class: "field-label", text: t("landing.code") }),
    h("div", { class: "join-row" }, input, h("button", { class: "button outline", type: "submit", test: "join-code", text: t("landing.join") })),
    failure,
  );
}

function recentList() {
  const entries = recentMeetings();
  if (entries.length === 0) return null;
  const section = h("section", { class: "recent", "aria-labelledby": "recent-title" });
  const list = h("ul", {}, entries.map((entry) => recentEntry(entry, section)));
  section.append(h("h2", { id: "recent-title", class: "field-label", text: t("landing.recent") }), list);
  return section;
}

function recentEntry({ code, name, at }, section) {
  const when = new Date(at);
  const shown = name || code;
  const item = h("li", { class: "recent-item" });
  const forget = () => {
    forgetMeeting(code);
    item.remove();
    if (recentMeetings().length === 0) section.remove();
  };
  item.append(
    h(
      "a",
      { class: "recent-link", href: `/m/${code}` },
      h("span", { class: "recent-name", text: shown }),
      h("span", { class: "recent-when", text: `${code} · ${day(when)}, ${clock(when)}` }),
      Convene.ownerSecret(code) ? h("span", { class: "tag", text: t("landing.yours") }) : null,
    ),
    h(
      "button",
      { class: "icon-button", type: "button", "aria-label": t("landing.forget", { name: shown }), title: t("landing.forget", { name: shown }), on: { click: forget } },
      icon("close"),
    ),
  );
  return item;
}
