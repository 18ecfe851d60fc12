//! Reactions: the row to choose from, and the ones that float up over the stage.

import { h } from "./dom.js";
import { t } from "./i18n.js";

export const EMOJI = ["👍", "❤️", "😂", "😮", "👏", "🎉"];
const FLOAT_MS = 3_600;

/** Buttons for all reactions; `choose(emoji)`. */
export function reactionRow(choose) {
  return h(
    "div",
    { class: "emoji-row" },
    EMOJI.map((emoji) => h("button", { class: "emoji-button", type: "button", "aria-label": t("bar.react_with", { emoji }), test: "emoji", data: { emoji }, on: { click: () => choose(emoji) } }, h("span", { "aria-hidden": "true", text: emoji }))),
  );
}

/** A place over the stage where reactions rise: `{element, show(emoji, name)}`. */
export function reactionSky() {
  const element = h("div", { class: "sky", "aria-hidden": "true" });
  const show = (emoji, name) => {
    const balloon = h("div", { class: "balloon", test: "reaction" }, h("span", { class: "balloon-emoji", text: emoji }), h("span", { class: "balloon-name", text: name }));
    balloon.style.left = `${8 + Math.random() * 60}%`;
    element.append(balloon);
    setTimeout(() => balloon.remove(), FLOAT_MS);
  };
  return { element, show };
}
