//! The meeting itself: puts stage, bar, panels and notices together around one SDK meeting.

import { h } from "./dom.js";
import { refusal, t } from "./i18n.js";
import { rememberMeeting } from "./prefs.js";
import { copyText } from "./clipboard.js";
import { meetingLink } from "./code.js";
import { callActions } from "./actions.js";
import { Stage } from "./stage.js";
import { Toolbar } from "./toolbar.js";
import { topbar } from "./topbar.js";
import { banners } from "./banner.js";
import { Panel } from "./panel.js";
import { ChatPanel } from "./chat.js";
import { PeoplePanel } from "./people.js";
import { reactionSky } from "./reactions.js";
import { listenShortcuts } from "./shortcuts.js";
import { tellPeople } from "./notices.js";
import { Voices } from "./voices.js";
import { stayAwake } from "./wake.js";
import { announce, toast } from "./toast.js";

/** Draws the call into `root`. Returns what leaves it. */
export function showCall(root, { code, meeting, ended }) {
  const stops = [];
  const began = Date.now();
  const ctx = {
    code: meeting.room.code || code,
    meeting,
    began,
    on: (type, listener) => stops.push(meeting.on(type, listener)),
    listen: (target, type, listener) => stops.push(target.on(type, listener)),
    attempt: (work) => attempt(work),
    copyLink: () => copyLink(ctx.code),
    copyDiagnostics: async () => copyText(await meeting.diagnostics(), t("bar.diagnostics_copied")),
  };
  ctx.voices = new Voices(ctx);
  ctx.sky = reactionSky();
  ctx.actions = callActions(ctx);
  ctx.panel = new Panel(ctx);
  ctx.stage = new Stage(ctx);
  ctx.toolbar = new Toolbar(ctx);
  ctx.chat = new ChatPanel(ctx);
  ctx.people = new PeoplePanel(ctx);
  ctx.panel.add("chat", ctx.chat);
  ctx.panel.add("people", ctx.people);

  const banner = banners(ctx);
  root.replaceChildren(
    h(
      "div",
      { class: "call", test: "call" },
      topbar(ctx),
      banner,
      h("main", { id: "main", class: "call-main", tabindex: "-1" }, h("div", { class: "stage-wrap" }, ctx.stage.element, ctx.sky.element), ctx.panel.element),
      ctx.toolbar.element,
    ),
  );
  stops.push(listenShortcuts(ctx), stayAwake());
  tellPeople(ctx);
  const title = () => {
    document.title = t("app.title_call", { room: meeting.room.name || ctx.code });
  };
  ctx.on("room", () => {
    rememberMeeting(ctx.code, meeting.room.name);
    title();
  });
  title();
  document.getElementById("main").focus();
  announce(t("call.people", meeting.people.size + 1));

  let over = false;
  const close = () => {
    if (over) return;
    over = true;
    stops.forEach((stop) => stop());
    ctx.stage.close();
    ctx.voices.close();
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    document.getElementById("toasts").replaceChildren();
    document.querySelectorAll(".menu").forEach((menu) => menu.remove());
  };
  const finish = (ending) => {
    const host = ending.by ? meeting.person(ending.by)?.name : null;
    close();
    ended({ ...ending, host, minutes: Math.floor((Date.now() - began) / 60_000) });
  };
  ctx.on("state", ({ state, ending }) => {
    if (state === "ended") finish(ending ?? { reason: "left" });
  });
  if (meeting.state === "ended") queueMicrotask(() => finish(meeting.ending ?? { reason: "left" }));
  return () => {
    close();
    if (meeting.state !== "ended") meeting.leave();
  };
}

/** Runs a request; a refusal becomes a toast in plain words. Resolves to whether it worked. */
async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    const words = refusal(error);
    toast(words.charAt(0).toLocaleUpperCase() + words.slice(1), { icon: "warn", test: "refused" });
    return false;
  }
}

function copyLink(code) {
  const link = meetingLink(code);
  return copyText(link, t("call.link_copied"), t("call.copy_failed", { link }));
}
