//! The last word: why one is no longer (or never came) in the meeting, and what to do next.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { refusal, t } from "./i18n.js";
import { header } from "./header.js";
import { signedOut } from "./me.js";
import { spanWords } from "./words.js";

const KINDS = {
  left: "left",
  room_ended: "ended",
  ended: "ended",
  kicked: "kicked",
  denied: "kicked",
  revoked: "revoked",
  replaced: "replaced",
  room_full: "full",
  locked: "locked",
  no_such_room: "missing",
  banned: "banned",
  unreachable: "unreachable",
};
const AGAIN = { left: "end.rejoin", full: "end.again", locked: "end.again", kicked: null, banned: null, ended: null, missing: null, replaced: "end.take", revoked: null };
const ICONS = { left: "back", ended: "leave", kicked: "remove", banned: "remove", full: "people", locked: "lock", missing: "search", replaced: "pip", revoked: "shield" };

/** Draws the ending. `ending` is the SDK's, plus `host` (a name) and `minutes` spent where known. */
export function showEnding(root, { code, ending, again, redraw }) {
  const kind = KINDS[ending.reason] ?? KINDS[ending.code] ?? "failed";
  const words = describe(kind, ending, code);
  if (kind === "revoked") signedOut();
  const againKey = kind in AGAIN ? AGAIN[kind] : "end.again";
  document.title = `${words.title} – ${t("app.name")}`;
  root.replaceChildren(
    h(
      "div",
      { class: "preview" },
      header(redraw),
      h(
        "main",
        { id: "main", class: "ending", tabindex: "-1", test: "ending", data: { ending: kind } },
        h("div", { class: "ending-icon" }, icon(ICONS[kind] ?? "warn")),
        h("h1", { text: words.title }),
        h("p", { class: "lead", text: words.text }),
        ending.minutes === undefined ? null : h("p", { class: "field-note", text: t("end.duration", { time: spanWords(ending.minutes * 60_000) }) }),
        h(
          "div",
          { class: "ending-actions" },
          kind === "revoked" ? h("a", { class: "button primary", href: `/signin?next=/m/${encodeURIComponent(code)}`, text: t("account.signin"), test: "to-signin" }) : null,
          againKey ? h("button", { class: "button primary", type: "button", text: t(againKey), test: "again", on: { click: again } }) : null,
          h("a", { class: "button outline", href: "/", text: t("end.home"), test: "home" }),
        ),
      ),
    ),
  );
  document.getElementById("main").focus();
}

function describe(kind, ending, code) {
  if (kind === "ended" && ending.host) return { title: t("end.ended_title"), text: t("end.ended", { name: ending.host }) };
  if (kind === "ended") return { title: t("end.ended_title"), text: t("end.ended_plain") };
  if (kind === "unreachable") return { title: t("end.failed_title"), text: t("end.unreachable") };
  if (kind === "failed") return { title: t("end.failed_title"), text: t("end.failed", { reason: ending.message || refusal(ending) }) };
  return { title: t(`end.${kind}_title`), text: t(`end.${kind}`, { code }) };
}
