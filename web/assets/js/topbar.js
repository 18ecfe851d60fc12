//! The line above the stage: which meeting this is, how long it runs, the link.

import { h, setText } from "./dom.js";
import { icon, mark } from "./icons.js";
import { t } from "./i18n.js";

export function topbar(ctx) {
  const { meeting } = ctx;
  const name = h("h1", { class: "call-name", test: "room-name" });
  const code = h("span", { class: "call-code" });
  const locked = h("span", { class: "tag", hidden: true, test: "locked" }, icon("lock"), t("call.locked"));
  const time = h("span", { class: "call-time", role: "timer", "aria-label": t("call.elapsed"), test: "elapsed" });
  const show = () => {
    setText(name, meeting.room.name || ctx.code);
    setText(code, meeting.room.name ? ctx.code : "");
    locked.hidden = !meeting.room.locked;
  };
  const tick = () => setText(time, elapsed(Date.now() - ctx.began));
  const timer = setInterval(tick, 1_000);
  ctx.on("room", show);
  ctx.on("joined", show);
  ctx.on("resumed", show);
  ctx.on("state", ({ state }) => state === "ended" && clearInterval(timer));
  show();
  tick();
  return h(
    "header",
    { class: "topbar" },
    h("span", { class: "topbar-mark" }, mark()),
    h("div", { class: "topbar-name" }, name, code),
    locked,
    h("span", { class: "topbar-gap" }),
    time,
    h("button", { class: "button small outline copy-link", type: "button", test: "copy-link", "aria-label": t("call.copy_link"), on: { click: () => ctx.copyLink() } }, icon("link"), h("span", { text: t("call.copy_link") })),
  );
}

function elapsed(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
