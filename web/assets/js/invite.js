//! What one sees while alone in a meeting: the link to send.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { meetingLink } from "./code.js";

/** A card with the link; `ctx.copyLink` copies it. */
export function inviteCard(ctx) {
  return h(
    "div",
    { class: "invite", hidden: true, test: "invite" },
    h("h2", { text: t("call.alone_title") }),
    h("p", { text: t("call.alone") }),
    h(
      "div",
      { class: "invite-row" },
      h("span", { class: "invite-link", text: meetingLink(ctx.code).replace(/^https?:\/\//, ""), test: "link" }),
      h("button", { class: "button primary small", type: "button", on: { click: () => ctx.copyLink() } }, icon("copy"), t("call.copy_link")),
    ),
  );
}
