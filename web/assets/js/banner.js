//! Lines that stay as long as something is so: the connection, held-back sound.

import { h, setText } from "./dom.js";
import { icon, fillIcon } from "./icons.js";
import { t } from "./i18n.js";
import { hearNow } from "./sound.js";
import { announce, toast } from "./toast.js";

/** The place for banners, kept up to date by itself. `data-state` carries the SDK's state for tests. */
export function banners(ctx) {
  const { meeting } = ctx;
  const drawing = icon("rotate");
  const words = h("span", {});
  const line = h("div", { class: "banner", role: "status", hidden: true, test: "status", data: { state: meeting.state } }, drawing, words);
  const hear = h("button", { class: "hear", type: "button", hidden: true, test: "hear", on: { click: () => hearNow() } }, icon("volume"), h("strong", { text: t("call.hear") }), h("span", { text: t("call.hear_note") }));

  let was = meeting.state;
  let restarting = false;
  const show = () => {
    const { state } = meeting;
    line.dataset.state = state;
    line.hidden = state === "connected" || state === "ended";
    const key = bannerKey(state, restarting);
    setText(words, line.hidden ? "" : t(`banner.${key}`));
    fillIcon(drawing, key === "offline" ? "warn" : "rotate");
    if (was === "reconnecting" && state === "connected") toast(t("banner.restored"), { icon: "check" });
    if (was === "connected" && state === "reconnecting") announce(t(`banner.${key}`), "assertive");
    was = state;
  };
  ctx.on("state", (detail) => {
    restarting = detail.restarting;
    show();
  });
  const online = () => show();
  window.addEventListener("online", online);
  window.addEventListener("offline", online);
  ctx.voices.whenBlocked = (blocked) => {
    if (blocked === !hear.hidden) return;
    hear.hidden = !blocked;
    if (!blocked) return;
    announce(t("call.hear"), "assertive");
    // Any touch or key is what the browser waits for.
    for (const type of ["pointerup", "keyup"]) document.addEventListener(type, hearNow, { once: true });
  };
  show();
  return h("div", { class: "banners" }, line, hear);
}

function bannerKey(state, restarting) {
  if (state === "connecting") return "connecting";
  if (!navigator.onLine) return "offline";
  return restarting ? "restarting" : "reconnecting";
}
