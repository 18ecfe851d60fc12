//! What happened to one's account: sign-ins, failures, changes; the newest first.

import { h } from "../dom.js";
import { clock, day, has, t } from "../i18n.js";
import { ask } from "../api.js";
import { pagedList } from "./listing.js";
import { section } from "./frame.js";

const PAGE = 10;

export function eventsSection() {
  const list = pagedList({
    test: "events",
    empty: t("account.no_events"),
    page: async (cursor) => {
      const query = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }) });
      const { events, next } = await ask("GET", `/me/events?${query}`);
      return { rows: events.map(eventRow), next };
    },
  });
  void list.load();
  return section(t("account.events"), { note: t("account.events_note"), test: "security-events" }, list.element);
}

function eventRow({ at, action, source }) {
  const when = new Date(at);
  const note = [`${day(when)}, ${clock(when)}`, source].filter(Boolean).join(" · ");
  return h("li", { class: "listing-row", test: "event", data: { action } }, h("div", { class: "listing-words" }, h("span", { class: "listing-name", text: eventWords(action) }), h("span", { class: "listing-note", text: note })));
}

/** What the page has no words for is told as the server calls it. */
function eventWords(action) {
  const key = `event.${action}`;
  return has(key) ? t(key) : action;
}
