//! One message in the list, with its quote, reactions and actions.

import { h, setAttr, setText } from "./dom.js";
import { icon } from "./icons.js";
import { clock, t } from "./i18n.js";
import { linkify } from "./linkify.js";
import { openMenu } from "./menu.js";
import { initials, tone } from "./names.js";
import { reactionRow } from "./reactions.js";

const TOGETHER_MS = 4 * 60_000;
const QUOTE_CHARS = 120;

export class MessageView {
  constructor(ctx, message, reveal) {
    this.ctx = ctx;
    this.message = message;
    this.drawn = "";
    const own = message.from === ctx.meeting.self.peer;
    const at = new Date(message.at);
    this.body = h("div", { class: "msg-text" });
    this.quote = h("button", { class: "msg-quote", type: "button", hidden: true, on: { click: () => reveal(this.message.reply_to) } });
    this.edited = h("span", { class: "msg-edited", hidden: true, text: t("chat.edited") });
    this.reactions = h("div", { class: "msg-reactions" });
    this.more = h("button", { class: "icon-button msg-more", type: "button", "aria-label": t("chat.actions"), title: t("chat.actions"), "aria-haspopup": "dialog", test: "message-actions", on: { click: () => this.#menu() } }, icon("more"));
    this.head = h("div", { class: "msg-head" }, h("span", { class: "msg-name", text: own ? t("call.self") : message.name }), h("time", { datetime: message.at, text: clock(at) }), this.#privateTag(own), this.edited);
    this.element = h(
      "li",
      { class: own ? "msg own" : "msg", test: "chat-message", data: { message: message.message } },
      h("span", { class: `msg-face ${tone(message.from)}`, "aria-hidden": "true", text: initials(message.name) }),
      h("div", { class: "msg-main" }, this.head, this.quote, this.body, this.reactions),
      this.more,
    );
  }

  /** Brings the view to the message as it is now. */
  show(message) {
    this.message = message;
    const { meeting } = this.ctx;
    const drawn = JSON.stringify([message.text, message.edited_at, message.deleted, message.reactions]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.body.replaceChildren(...(message.deleted ? [t("chat.deleted")] : linkify(message.text)));
      this.element.classList.toggle("is-deleted", message.deleted);
      this.edited.hidden = message.deleted || !message.edited_at;
      this.reactions.replaceChildren(...this.#reactionButtons());
      this.showQuote();
    }
    this.more.hidden = message.deleted || !meeting.can("chat");
  }

  /** Brings the quoted message up to date. */
  showQuote() {
    const { reply_to: to } = this.message;
    const quoted = to && this.ctx.meeting.messages.find((message) => message.message === to);
    this.quote.hidden = !quoted || this.message.deleted;
    if (!quoted) return;
    const text = quoted.deleted ? t("chat.deleted") : quoted.text.slice(0, QUOTE_CHARS);
    this.quote.replaceChildren(h("strong", { text: quoted.name }), h("span", { text }));
  }

  /** Shortens the head when the same person goes on writing. */
  follow(before) {
    const together = before && before.from === this.message.from && before.to === this.message.to && !this.message.reply_to && new Date(this.message.at) - new Date(before.at) < TOGETHER_MS;
    this.element.classList.toggle("follows", Boolean(together));
  }

  flash() {
    this.element.classList.remove("flash");
    requestAnimationFrame(() => this.element.classList.add("flash"));
  }

  #privateTag(own) {
    if (!this.message.to) return null;
    const name = this.ctx.meeting.person(this.message.to)?.name ?? "?";
    return h("span", { class: "tag", test: "private" }, icon("lock"), own ? t("chat.private_to", { name }) : t("chat.private_from"));
  }

  #reactionButtons() {
    const { meeting } = this.ctx;
    if (this.message.deleted) return [];
    return Object.entries(this.message.reactions)
      .filter(([, peers]) => peers.length > 0)
      .map(([emoji, peers]) => {
        const mine = peers.includes(meeting.self.peer);
        const names = peers.map((peer) => meeting.person(peer)?.name).filter(Boolean).join(", ");
        const act = () => this.ctx.attempt(() => meeting.reactTo(this.message.message, emoji, !mine));
        const label = `${emoji} ${t("chat.reaction", peers.length)}`;
        return h("button", { class: "msg-reaction", type: "button", "aria-pressed": String(mine), "aria-label": label, title: names, test: "message-reaction", on: { click: act } }, h("span", { text: emoji }), h("span", { text: String(peers.length) }));
      });
  }

  #menu() {
    const { ctx, message } = this;
    const { meeting } = ctx;
    const own = message.from === meeting.self.peer;
    const row = reactionRow((emoji) => {
      close();
      const mine = message.reactions[emoji]?.includes(meeting.self.peer) ?? false;
      ctx.attempt(() => meeting.reactTo(message.message, emoji, !mine));
    });
    const close = openMenu(this.more, [
      row,
      { icon: "reply", text: t("chat.reply"), act: () => ctx.chat.replyTo(message), test: "reply" },
      own && { icon: "edit", text: t("chat.edit"), act: () => ctx.chat.editMessage(message), test: "edit" },
      (own || meeting.can("moderate")) && { icon: "trash", text: t("chat.remove"), danger: true, act: () => ctx.attempt(() => meeting.delete(message.message)), test: "delete" },
    ]);
  }
}

/** A message that is still on its way. */
export function unsentView(unsent) {
  const element = h("li", { class: "msg own unsent", test: "chat-unsent" }, h("span", { class: "msg-face", "aria-hidden": "true" }, icon("clock")), h("div", { class: "msg-main" }, h("div", { class: "msg-head" }, h("span", { class: "msg-name", text: t("call.self") }), h("span", { text: t("chat.sending") })), h("div", { class: "msg-text" })));
  setText(element.querySelector(".msg-text"), unsent.text);
  setAttr(element, "data-client-id", unsent.client_id);
  return element;
}
