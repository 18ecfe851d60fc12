//! Searching the history of the chat.

import { h, setText } from "./dom.js";
import { clock, day, t } from "./i18n.js";

const WAIT_MS = 250;

/** A row with field and results: `{element, toggle(button), close}`; `reveal(id)` shows a message in the list. */
export function chatSearch(ctx, reveal) {
  const input = h("input", { class: "input", type: "search", "aria-label": t("chat.search"), placeholder: t("chat.search"), test: "chat-search-input" });
  const results = h("ol", { class: "search-results", test: "search-results" });
  const none = h("p", { class: "field-note", role: "status" });
  const element = h("div", { class: "chat-search", hidden: true }, input, none, results);
  let opener = null;
  let timer = null;
  let asked = 0;

  const search = async () => {
    const text = input.value.trim();
    asked += 1;
    const mine = asked;
    if (text === "") return show([], "");
    const found = await ctx.meeting.search(text).catch(() => []);
    if (mine === asked) show(found, text);
  };
  const show = (messages, text) => {
    setText(none, text !== "" && messages.length === 0 ? t("chat.search_none", { text }) : "");
    results.replaceChildren(...messages.map(result));
  };
  const result = (message) => {
    const at = new Date(message.at);
    return h("li", {}, h("button", { class: "search-result", type: "button", on: { click: () => reveal(message.message) } }, h("span", { class: "msg-head" }, h("strong", { text: message.name }), h("span", { text: `${day(at)}, ${clock(at)}` })), h("span", { text: message.text })));
  };
  const close = () => {
    element.hidden = true;
    input.value = "";
    show([], "");
    opener?.setAttribute("aria-expanded", "false");
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT_MS);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
    opener?.focus();
  });
  const toggle = (button) => {
    opener = button;
    if (!element.hidden) return close();
    element.hidden = false;
    button.setAttribute("aria-expanded", "true");
    input.focus();
  };
  return { element, toggle, close };
}
