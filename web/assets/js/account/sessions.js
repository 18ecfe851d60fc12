//! Where one is signed in: each device with its last use, and a way to end it.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { clock, day, t } from "../i18n.js";
import { ask } from "../api.js";
import { errorWords } from "../words.js";
import { toast } from "../toast.js";
import { confirm } from "../dialog.js";
import { deviceName, isHandheld } from "./device.js";
import { section } from "./frame.js";
import { loadInto } from "./listing.js";

export function sessionsSection() {
  const list = h("ul", { class: "listing", test: "sessions" });
  const others = h("button", { class: "button small outline", type: "button", hidden: true, text: t("account.end_others"), test: "end-others" });
  const load = () =>
    loadInto(list, async () => {
      const { sessions } = await ask("GET", "/me/sessions");
      sessions.sort((a, b) => Number(b.current) - Number(a.current) || new Date(b.last_used_at) - new Date(a.last_used_at));
      others.hidden = sessions.length < 2;
      return sessions.map((session) => sessionRow(session, load));
    });
  others.addEventListener("click", async () => {
    if (!(await confirm({ title: t("account.end_others"), text: t("account.end_others_note"), yes: t("account.end_others_yes") }))) return;
    await end("/me/sessions", load);
  });
  void load();
  return section(t("account.sessions"), { note: t("account.sessions_note"), test: "devices" }, list, others);
}

async function end(path, load) {
  try {
    await ask("DELETE", path);
    toast(t("account.ended"), { icon: "check", test: "saved" });
    await load();
  } catch (error) {
    toast(errorWords(error), { icon: "warn", urgent: true, test: "refused" });
  }
}

function sessionRow(session, load) {
  const name = deviceName(session.device || t("account.unknown_device"));
  const used = new Date(session.last_used_at);
  const when = t("account.last_used", { day: day(used), time: clock(used) });
  return h(
    "li",
    { class: "listing-row", test: "session", data: { current: String(session.current) } },
    h("span", { class: "listing-icon" }, icon(isHandheld(session.device ?? "") ? "phone" : "screen")),
    h("div", { class: "listing-words" }, h("span", { class: "listing-name", text: name }), h("span", { class: "listing-note", text: [when, session.source].filter(Boolean).join(" · ") })),
    session.current
      ? h("span", { class: "tag", text: t("account.this_device") })
      : h("button", { class: "button small", type: "button", "aria-label": t("account.end_one", { name }), text: t("account.end"), test: "end-session", on: { click: () => end(`/me/sessions/${encodeURIComponent(session.id)}`, load) } }),
  );
}
