//! My calls: when, how long, with whom.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { clock, day, t } from "../i18n.js";
import { ask } from "../api.js";
import { spanWords } from "../words.js";
import { own } from "./frame.js";
import { pagedList } from "./listing.js";

/** Names that stand in a line before the rest becomes a number. */
const NAMED = 5;

/** Draws the page of `user`. */
export function showHistory(root, { user }) {
  const list = pagedList({
    test: "calls",
    empty: t("account.no_calls"),
    page: async (cursor) => {
      const { calls, next } = await ask("GET", cursor ? `/calls?cursor=${encodeURIComponent(cursor)}` : "/calls");
      return { rows: calls.map(callRow), next };
    },
  });
  own(root, { user, tab: "history", content: h("section", { class: "card", "aria-label": t("account.tab_history") }, list.element) });
  void list.load();
}

function callRow(call) {
  const began = new Date(call.started_at);
  const length = call.ended_at === null ? t("account.call_now") : spanWords(call.duration_ms);
  return h(
    "li",
    { class: "listing-row", test: "call-row" },
    h("span", { class: "listing-icon" }, icon("clock")),
    h(
      "div",
      { class: "listing-words" },
      h("a", { class: "listing-name", href: `/m/${encodeURIComponent(call.room.code)}`, text: call.room.name || call.room.code }),
      h("span", { class: "listing-note", text: `${day(began)}, ${clock(began)} · ${length}` }),
      h("span", { class: "listing-note", text: peopleWords(call.people.map(({ name }) => name)) }),
    ),
  );
}

function peopleWords(names) {
  if (names.length <= NAMED) return names.join(", ");
  return `${names.slice(0, NAMED).join(", ")} + ${t("call.others", names.length - NAMED)}`;
}
