//! The bar of controls under the stage.

import { h, setAttr, setText } from "./dom.js";
import { fillIcon, icon } from "./icons.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { reactionRow } from "./reactions.js";
import { moreItems } from "./more-menu.js";

/** Buttons of the call; `element` is the bar, the other members open its menus. */
export class Toolbar {
  constructor(ctx) {
    this.ctx = ctx;
    const { actions } = ctx;
    this.mic = toggle("mic", "mic", actions.mic);
    this.camera = toggle("camera", "camera", actions.camera);
    this.screen = toggle("screen", "screen", actions.screen);
    this.hand = toggle("hand", "hand", actions.hand);
    this.react = plain("react", "smile", () => this.openReactions());
    this.chat = plain("chat", "chat", () => ctx.panel.toggle("chat"));
    this.people = plain("people", "people", () => ctx.panel.toggle("people"));
    this.more = plain("more", "more", () => openMenu(this.more.button, moreItems(ctx), { label: t("bar.more") }));
    this.leave = plain("leave", "leave", () => actions.leave(this.leave.button));
    this.unread = h("span", { class: "badge", hidden: true, "aria-hidden": "true", test: "unread" });
    this.unreadWords = h("span", { class: "sr-only" });
    this.count = h("span", { class: "badge calm", "aria-hidden": "true", test: "people-count" });
    this.countWords = h("span", { class: "sr-only" });
    this.chat.button.append(this.unread, this.unreadWords);
    this.people.button.append(this.count, this.countWords);
    for (const { button } of [this.react, this.more, this.leave]) button.setAttribute("aria-haspopup", "dialog");
    this.leave.button.removeAttribute("aria-haspopup");
    this.leave.button.classList.add("leave");
    this.screen.button.hidden = !navigator.mediaDevices?.getDisplayMedia;
    this.element = h(
      "nav",
      { class: "toolbar", "aria-label": t("bar.label"), test: "toolbar" },
      h("div", { class: "bar-group" }, this.mic.button, this.camera.button, this.screen.button, this.hand.button, this.react.button),
      h("div", { class: "bar-group" }, this.chat.button, this.people.button, this.more.button),
      this.leave.button,
    );
    for (const type of ["joined", "resumed", "change", "hand", "rights", "peer", "peerleft", "room"]) ctx.on(type, () => this.show());
    ctx.listen(ctx.meeting.media, "change", () => this.show());
    this.show();
  }

  /** Unread messages beside the chat's button. */
  setUnread(count) {
    this.unread.hidden = count === 0;
    setText(this.unread, count > 99 ? "99+" : String(count));
    setText(this.unreadWords, count ? `, ${t("bar.unread", count)}` : "");
  }

  /** Which panel is open: chat, people or null. */
  setPanel(name) {
    for (const which of ["chat", "people"]) setAttr(this[which].button, "aria-expanded", String(name === which));
    this.chat.button.classList.toggle("is-open", name === "chat");
    this.people.button.classList.toggle("is-open", name === "people");
  }

  openReactions() {
    const row = reactionRow((emoji) => {
      close?.();
      this.ctx.actions.react(emoji);
    });
    const from = this.react.button.offsetParent ? this.react.button : this.more.button;
    const close = openMenu(from, [row], { label: t("bar.react") });
  }

  show() {
    const { meeting } = this.ctx;
    const { media } = meeting;
    showToggle(this.mic, media.audio, meeting.can("publish_audio"));
    showToggle(this.camera, media.video, meeting.can("publish_video"));
    showToggle(this.screen, media.screen, meeting.can("publish_screen"));
    showHand(this.hand, meeting.self.hand, meeting.can("raise_hand"));
    this.mic.button.classList.toggle("has-problem", Boolean(media.problems.audio));
    this.camera.button.classList.toggle("has-problem", Boolean(media.problems.video));
    setText(this.count, String(meeting.people.size + 1));
    setText(this.countWords, `, ${t("call.people", meeting.people.size + 1)}`);
  }
}

function plain(test, name, act) {
  const drawing = icon(name);
  const button = h("button", { class: `bar-button bar-${test}`, type: "button", title: t(`bar.${test}`), test, on: { click: act } }, drawing, h("span", { class: "bar-label", text: t(`bar.${test}`) }));
  return { button, drawing };
}

function toggle(test, name, act) {
  const made = plain(test, name, act);
  made.kind = test;
  made.button.setAttribute("aria-pressed", "false");
  return made;
}

function showToggle(made, on, allowed) {
  const { button, drawing, kind } = made;
  const dark = kind === "screen" ? "screen" : `${kind}-off`;
  fillIcon(drawing, on ? kind : dark);
  setAttr(button, "aria-pressed", String(on));
  setAttr(button, "data-on", String(on));
  setAttr(button, "aria-disabled", allowed || on ? null : "true");
  button.title = allowed || on ? t(`bar.${kind}_${on ? "off" : "on"}`) : t("bar.not_allowed");
}

function showHand(made, hand, allowed) {
  const up = Boolean(hand);
  setAttr(made.button, "aria-pressed", String(up));
  setAttr(made.button, "data-on", String(up));
  setAttr(made.button, "aria-disabled", allowed ? null : "true");
  made.button.title = allowed ? t(up ? "bar.hand_down" : "bar.hand_up") : t("bar.not_allowed");
}
