//! The chat panel: list, history on scroll, search, unread count, typing.

import { h, reconcile, setText } from "./dom.js";
import { icon } from "./icons.js";
import { day, t } from "./i18n.js";
import { ChatCompose } from "./chat-compose.js";
import { MessageView, unsentView } from "./chat-message.js";
import { chatSearch } from "./chat-search.js";
import { typingLine } from "./chat-typing.js";
import { prefs } from "./prefs.js";
import { playTone } from "./sound.js";
import { announce, toast } from "./toast.js";

const NEAR_END = 80;
const NEAR_START = 120;
const SPOKEN_CHARS = 160;

export class ChatPanel {
  constructor(ctx) {
    this.ctx = ctx;
    this.title = t("chat.title");
    this.views = new Map();
    this.days = new Map();
    this.unread = 0;
    /** Came in this moment, and is still to be told. */
    this.news = [];
    this.isOpen = false;
    this.loading = false;
    this.empty = h("p", { class: "chat-empty", text: t("chat.empty") });
    this.older = h("button", { class: "button small outline chat-older", type: "button", hidden: true, text: t("chat.older"), test: "older", on: { click: () => this.#loadOlder() } });
    this.list = h("ol", { class: "chat-list", test: "chat-list" });
    this.scroller = h("div", { class: "chat-scroll", tabindex: "0", role: "group", "aria-label": t("chat.title") }, this.older, this.empty, this.list);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.below = h("button", { class: "button small primary chat-below", type: "button", hidden: true, text: t("chat.new_below"), on: { click: () => this.#toEnd() } });
    this.compose = new ChatCompose(ctx);
    this.search = chatSearch(ctx, (message) => this.#reveal(message));
    this.typing = typingLine(ctx);
    this.element = h("div", { class: "chat" }, this.search.element, h("div", { class: "chat-middle" }, this.scroller, this.below), this.typing, this.compose.element);
    this.tools = h("button", { class: "icon-button", type: "button", "aria-label": t("chat.search"), title: t("chat.search"), "aria-expanded": "false", test: "chat-search", on: { click: () => this.search.toggle(this.tools) } }, icon("search"));
    this.#listen();
    this.#draw();
  }

  opened() {
    this.isOpen = true;
    this.#draw();
    this.#toEnd();
    this.#read();
    this.compose.focus();
  }

  closed() {
    this.isOpen = false;
    this.search.close();
  }

  /** Opens the chat with `peer` as the only reader. */
  writeTo(peer) {
    this.ctx.panel.open("chat");
    this.compose.setTarget(peer);
  }

  replyTo(message) {
    this.compose.reply(message);
  }

  editMessage(message) {
    this.compose.edit(message);
  }

  #listen() {
    const { ctx } = this;
    ctx.on("chat", ({ message, fresh }) => this.#arrived(message, fresh));
    ctx.on("chatchange", ({ message }) => {
      this.views.get(message.message)?.show(message);
      for (const view of this.views.values()) if (view.message.reply_to === message.message) view.showQuote();
    });
    ctx.on("joined", () => this.views.clear());
    document.addEventListener("visibilitychange", () => {
      if (this.isOpen && this.unread > 0 && document.visibilityState === "visible" && this.#atEnd()) this.#read();
    });
    for (const type of ["joined", "resumed", "unsent", "rights", "room"]) ctx.on(type, () => this.#draw());
    ctx.on("state", () => this.#draw());
  }

  #arrived(message, fresh) {
    const { meeting } = this.ctx;
    const own = message.from === meeting.self.peer;
    const atEnd = this.#atEnd();
    this.#draw();
    if (!fresh) return;
    if (this.isOpen && (atEnd || own)) this.#toEnd();
    else if (this.isOpen) this.below.hidden = false;
    if (own) return;
    if (this.news.length === 0) queueMicrotask(() => this.#tell(this.news.splice(0)));
    this.news.push(message);
  }

  /** What came in one moment is told as one: of many, as after an absence, only how many. */
  #tell(news) {
    const [{ to, name, text }] = news;
    const one = t(to ? "chat.announce_private" : "chat.announce", { name, text: text.slice(0, SPOKEN_CHARS) });
    const words = news.length === 1 ? one : t("bar.unread", news.length);
    announce(words);
    if (this.isOpen && document.visibilityState === "visible") return this.#read();
    this.unread += news.length;
    this.ctx.toolbar.setUnread(this.unread);
    toast(words, { icon: "chat", quiet: true, test: "toast-chat" });
    if (prefs.sounds) playTone("message");
  }

  #read() {
    this.unread = 0;
    this.ctx.toolbar.setUnread(0);
    if (this.ctx.meeting.messages.length > 0) this.ctx.meeting.markRead().catch(() => {});
  }

  #draw() {
    const { meeting } = this.ctx;
    this.compose.update();
    if (!this.isOpen) return;
    const rows = [];
    let before = null;
    for (const message of meeting.messages) {
      const on = day(new Date(message.at));
      if (!before || on !== day(new Date(before.at))) rows.push(this.#dayRow(on));
      const view = this.#view(message);
      view.follow(before);
      rows.push(view.element);
      before = message;
    }
    for (const unsent of meeting.unsent) rows.push(unsentView(unsent));
    reconcile(this.list, rows);
    this.empty.hidden = rows.length > 0;
    this.older.hidden = !meeting.moreMessages;
    const known = new Set(meeting.messages.map((message) => message.message));
    for (const id of this.views.keys()) if (!known.has(id)) this.views.delete(id);
  }

  #view(message) {
    let view = this.views.get(message.message);
    if (!view) {
      view = new MessageView(this.ctx, message, (target) => this.#reveal(target));
      this.views.set(message.message, view);
    }
    view.show(message);
    return view;
  }

  #dayRow(words) {
    if (!this.days.has(words)) this.days.set(words, h("li", { class: "chat-day" }, h("span", { text: words })));
    return this.days.get(words);
  }

  #scrolled() {
    if (this.#atEnd()) {
      this.below.hidden = true;
      this.#read();
    }
    if (this.scroller.scrollTop < NEAR_START && this.ctx.meeting.moreMessages) this.#loadOlder();
  }

  async #loadOlder() {
    if (this.loading) return;
    this.loading = true;
    setText(this.older, t("chat.loading"));
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    await this.ctx.attempt(() => this.ctx.meeting.loadEarlier());
    this.#draw();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
    setText(this.older, t("chat.older"));
    this.loading = false;
  }

  #reveal(id) {
    const view = this.views.get(id);
    if (!view) return;
    view.element.scrollIntoView({ block: "center", behavior: "smooth" });
    view.flash();
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.below.hidden = true;
  }
}
