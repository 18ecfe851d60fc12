//! Writing a message: the reader, a reply or edit above it, the text, sending.

import { h, setAttr, setText } from "./dom.js";
import { icon } from "./icons.js";
import { refusal, t } from "./i18n.js";
import { charactersOver } from "./message-length.js";

const TYPING_EVERY_MS = 3_000;
const QUOTE_CHARS = 80;

export class ChatCompose {
  constructor(ctx) {
    this.ctx = ctx;
    this.mode = { kind: "new" };
    this.lastTyping = 0;
    this.target = h("select", { class: "select quiet", "aria-label": t("chat.to"), test: "chat-to" });
    this.targetRow = h("div", { class: "compose-to" }, h("span", { "aria-hidden": "true", text: t("chat.to") }), this.target);
    this.modeText = h("span", {});
    this.modeRow = h("div", { class: "compose-mode", hidden: true }, icon("reply"), this.modeText, h("button", { class: "icon-button", type: "button", "aria-label": t("app.cancel"), on: { click: () => this.#reset(true) } }, icon("close")));
    this.input = h("textarea", { class: "compose-input", rows: "1", "aria-label": t("chat.input"), placeholder: t("chat.placeholder"), "aria-describedby": "chat-problem", test: "chat-input" });
    this.send = h("button", { class: "icon-button compose-send", type: "submit", "aria-label": t("chat.send"), title: t("chat.send"), test: "chat-send" }, icon("send"));
    this.problem = h("p", { class: "field-error", id: "chat-problem", role: "alert", hidden: true, test: "chat-problem" });
    this.off = h("p", { class: "field-note compose-off", hidden: true, text: t("chat.off") });
    this.form = h("form", { class: "compose-form" }, this.input, this.send);
    this.element = h("div", { class: "compose" }, this.targetRow, this.modeRow, this.problem, this.form, this.off);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("input", () => this.#typed());
    ctx.on("peer", () => this.update());
    ctx.on("peerleft", () => this.update());
    ctx.on("change", ({ what }) => what.includes("name") && this.update());
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  setTarget(peer) {
    this.target.value = peer;
    this.focus();
  }

  reply(message) {
    this.mode = { kind: "reply", message };
    if (message.to) this.target.value = message.from === this.ctx.meeting.self.peer ? message.to : message.from;
    this.#showMode(`${t("chat.reply_to", { name: message.name })}: ${message.text.slice(0, QUOTE_CHARS)}`);
  }

  edit(message) {
    this.mode = { kind: "edit", message };
    this.input.value = message.text;
    this.#showMode(t("chat.editing"));
    this.#grow();
  }

  /** Brings readers and rights up to date. */
  update() {
    const { meeting } = this.ctx;
    const may = meeting.can("chat");
    this.form.hidden = !may;
    this.off.hidden = may;
    this.targetRow.hidden = !may || !meeting.can("chat_private") || meeting.people.size === 0;
    const chosen = this.target.value;
    const readers = [{ peer: "", name: t("chat.everyone") }, ...meeting.people.values()];
    this.target.replaceChildren(...readers.map(({ peer, name }) => h("option", { value: peer, text: name })));
    this.target.value = readers.some(({ peer }) => peer === chosen) ? chosen : "";
  }

  #showMode(words) {
    this.modeRow.hidden = false;
    setText(this.modeText, words);
    this.focus();
  }

  #reset(clear) {
    if (clear && this.mode.kind === "edit") this.input.value = "";
    this.mode = { kind: "new" };
    this.modeRow.hidden = true;
    this.focus();
    this.#grow();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.mode.kind !== "new") {
      event.preventDefault();
      this.#reset(true);
    }
  }

  #typed() {
    this.#grow();
    const over = charactersOver(this.input.value);
    this.#complain(over > 0 ? t("chat.too_long", { over }) : null);
    const to = this.target.value || undefined;
    if (this.input.value.trim() === "") return this.#stopTyping(to);
    if (this.mode.kind === "edit" || Date.now() - this.lastTyping < TYPING_EVERY_MS) return;
    this.lastTyping = Date.now();
    this.ctx.meeting.typing(true, to);
  }

  #stopTyping(to) {
    if (this.lastTyping === 0) return;
    this.lastTyping = 0;
    this.ctx.meeting.typing(false, to);
  }

  async #submit() {
    const text = this.input.value.trim();
    if (text === "" || charactersOver(text) > 0) return;
    const { meeting } = this.ctx;
    const to = this.target.value || undefined;
    const { mode } = this;
    this.input.value = "";
    this.#reset(false);
    this.#stopTyping(to);
    this.#complain(null);
    try {
      if (mode.kind === "edit") await meeting.edit(mode.message.message, text);
      else await meeting.send(text, { to, reply_to: mode.kind === "reply" ? mode.message.message : undefined });
    } catch (error) {
      this.#complain(t("chat.failed", { reason: refusal(error) }));
      if (this.input.value === "") this.input.value = text;
      this.#grow();
    }
  }

  #complain(words) {
    this.problem.hidden = words === null;
    setText(this.problem, words ?? "");
    setAttr(this.input, "aria-invalid", words === null ? null : "true");
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }
}
