//! Keys of the call: they rest while someone types or a dialog is open.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { dialogOpen, openDialog } from "./dialog.js";
import { announce } from "./toast.js";

const KEYS = [
  ["M", "keys.mic"],
  ["keys.space", "keys.talk"],
  ["V", "keys.camera"],
  ["S", "keys.screen"],
  ["H", "keys.hand"],
  ["C", "keys.chat"],
  ["P", "keys.people"],
  ["L", "keys.layout"],
  ["?", "keys.help"],
  ["keys.esc", "keys.escape"],
];

/** Listens until the returned function is called. */
export function listenShortcuts(ctx) {
  const { actions, panel, stage } = ctx;
  const acts = {
    m: actions.mic,
    v: actions.camera,
    s: actions.screen,
    h: actions.hand,
    c: () => panel.toggle("chat"),
    p: () => panel.toggle("people"),
    l: () => stage.toggleLayout(),
    "?": openHelp,
  };
  let talking = false;

  const down = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialogOpen()) return;
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(".menu")) return panel.close();
    if (isTyping(event.target)) return;
    if (event.code === "Space") return startTalking(event);
    const act = acts[event.key.toLowerCase()];
    if (!act || event.repeat || document.querySelector(".menu")) return;
    event.preventDefault();
    act();
  };
  const startTalking = (event) => {
    if (isPressable(event.target)) return;
    event.preventDefault();
    if (event.repeat || talking || ctx.meeting.media.audio) return;
    talking = true;
    announce(t("keys.talking"));
    actions.talk(true);
  };
  const stopTalking = () => {
    if (!talking) return;
    talking = false;
    actions.talk(false);
  };
  const up = (event) => event.code === "Space" && stopTalking();
  document.addEventListener("keydown", down);
  document.addEventListener("keyup", up);
  window.addEventListener("blur", stopTalking);
  return () => {
    document.removeEventListener("keydown", down);
    document.removeEventListener("keyup", up);
    window.removeEventListener("blur", stopTalking);
  };
}

function isTyping(target) {
  return target instanceof Element && target.matches("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]");
}

function isPressable(target) {
  return target instanceof Element && target.closest("button, a, summary, input, [role=button]") !== null;
}

/** The list of keys. */
export function openHelp() {
  const name = (key) => (key.includes(".") ? t(key) : key);
  const rows = KEYS.map(([key, words]) => h("div", { class: "key-row" }, h("dt", {}, h("kbd", { text: name(key) })), h("dd", { text: t(words) })));
  openDialog({ title: t("keys.title"), test: "help-dialog", content: [h("dl", { class: "keys" }, rows), h("p", { class: "field-note", text: t("keys.note") })] });
}
