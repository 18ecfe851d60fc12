//! My meetings: open one, send its link, end it, start a new one.

import { Convene } from "../../../sdk/v1.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { longDay, t } from "../i18n.js";
import { ask } from "../api.js";
import { copyText } from "../clipboard.js";
import { meetingLink } from "../code.js";
import { confirm } from "../dialog.js";
import { errorWords } from "../words.js";
import { forgetMeeting } from "../prefs.js";
import { go } from "../route.js";
import { toast } from "../toast.js";
import { claimOffer } from "./claim.js";
import { own } from "./frame.js";
import { pagedList } from "./listing.js";

/** Draws the page of `user`. */
export function showMeetings(root, { user }) {
  const list = pagedList({
    test: "my-meetings",
    empty: t("account.no_meetings"),
    page: async (cursor) => {
      const { rooms, next } = await ask("GET", cursor ? `/rooms?cursor=${encodeURIComponent(cursor)}` : "/rooms");
      return { rows: rooms.map((room) => meetingRow(room, () => list.load())), next };
    },
  });
  const offer = claimOffer(() => list.load());
  own(root, { user, tab: "meetings", content: [h("div", { class: "own-start" }, startButton()), offer, h("section", { class: "card", "aria-label": t("account.tab_meetings") }, list.element)].filter(Boolean) });
  void list.load();
}

function startButton() {
  const button = h("button", { class: "button primary", type: "button", test: "new-meeting" }, icon("plus"), t("landing.new"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { room } = await Convene.create();
      await go(`/m/${encodeURIComponent(room.code)}`);
    } catch (error) {
      button.disabled = false;
      toast(errorWords(error), { icon: "warn", urgent: true, test: "refused" });
    }
  });
  return button;
}

function meetingRow(room, changed) {
  const { code } = room;
  const name = room.name || code;
  const notes = [room.name ? code : null, t("account.created", { day: longDay(new Date(room.created_at)) })].filter(Boolean);
  return h(
    "li",
    { class: "listing-row meeting-row", test: "meeting", data: { code } },
    h("div", { class: "listing-words" }, h("a", { class: "listing-name", href: `/m/${encodeURIComponent(code)}`, text: name, test: "open" }), h("span", { class: "listing-note", text: notes.join(" · ") })),
    room.people > 0 ? h("span", { class: "tag", text: t("call.people", room.people) }) : null,
    h("div", { class: "listing-actions" }, copyButton(code, name), endButton(code, name, changed)),
  );
}

function copyButton(code, name) {
  const link = meetingLink(code);
  const copy = () => copyText(link, t("call.link_copied"), t("call.copy_failed", { link }));
  return h("button", { class: "button small", type: "button", "aria-label": `${name}: ${t("call.copy_link")}`, test: "copy-link", on: { click: copy } }, icon("link"), h("span", { text: t("call.copy_link") }));
}

function endButton(code, name, changed) {
  const end = async () => {
    if (!(await confirm({ title: t("account.end_meeting_title", { name }), text: t("account.end_meeting_note"), yes: t("account.end_meeting"), danger: true }))) return;
    try {
      await ask("DELETE", `/rooms/${encodeURIComponent(code)}`);
      forgetMeeting(code);
      changed();
    } catch (error) {
      toast(errorWords(error), { icon: "warn", urgent: true, test: "refused" });
    }
  };
  const words = t("account.end_meeting_of", { name });
  return h("button", { class: "icon-button", type: "button", "aria-label": words, title: words, test: "end-meeting", on: { click: end } }, icon("trash"));
}
