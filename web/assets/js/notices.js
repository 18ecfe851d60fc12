//! Turns what happens in the meeting into toasts, spoken words, reactions and tones.

import { t } from "./i18n.js";
import { calledName } from "./names.js";
import { prefs } from "./prefs.js";
import { playTone } from "./sound.js";
import { announce, toast } from "./toast.js";

const LEFT = { left: "say.left", lost: "say.lost", kicked: "say.kicked", replaced: "say.left", ended: "say.left" };
const CROWD = 12;

/** Listens for as long as the call lasts. */
export function tellPeople(ctx) {
  presence(ctx);
  hands(ctx);
  moderation(ctx);
  room(ctx);
}

function sound(kind) {
  if (prefs.sounds) playTone(kind);
}

function presence(ctx) {
  const { meeting } = ctx;
  const sharing = new Set();
  ctx.on("peer", ({ person }) => {
    const crowd = meeting.people.size > CROWD;
    if (crowd) return;
    toast(t("say.joined", { name: person.name }), { icon: "people", test: "toast-joined" });
    sound("join");
  });
  ctx.on("peerleft", ({ person, reason }) => {
    sharing.delete(person.peer);
    if (meeting.people.size <= CROWD) toast(t(LEFT[reason] ?? "say.left", { name: person.name }), { icon: "back", test: "toast-left" });
  });
  ctx.on("change", ({ person, what }) => {
    if (person.peer === meeting.self.peer) return;
    if (what.includes("state")) announce(t(person.state === "away" ? "say.lost" : "say.back", { name: person.name }));
    if (!what.includes("media")) return;
    const on = person.media.screen;
    if (on === sharing.has(person.peer)) return;
    if (on) sharing.add(person.peer);
    else sharing.delete(person.peer);
    announce(t(on ? "say.screen_started" : "say.screen_ended", { name: person.name }));
  });
}

function hands(ctx) {
  const { meeting } = ctx;
  ctx.on("hand", ({ person, raised }) => {
    if (!raised || person.peer === meeting.self.peer) return;
    toast(t("say.hand", { name: person.name }), { icon: "hand", test: "toast-hand" });
    sound("hand");
  });
  ctx.on("reaction", ({ person, emoji }) => {
    ctx.sky.show(emoji, person.name);
    if (person.peer !== meeting.self.peer) announce(t("say.reaction", { name: person.name, emoji }));
  });
}

function moderation(ctx) {
  const { meeting } = ctx;
  const mutedWords = { audio: "say.muted_you", video: "say.camera_off_you", screen: "say.screen_off_you" };
  ctx.on("muted", ({ source, by, self }) => {
    if (self) toast(t(mutedWords[source], { name: calledName(meeting, by) }), { icon: "mic-off", urgent: true, test: "toast-muted" });
  });
  ctx.on("unmute_asked", ({ source, by }) => {
    const name = calledName(meeting, by);
    if (source === "screen") return;
    const mic = source === "audio";
    toast(t(mic ? "say.asked_mic" : "say.asked_camera", { name }), {
      icon: mic ? "mic" : "camera",
      urgent: true,
      test: "toast-asked",
      actions: [
        { text: t(mic ? "say.unmute" : "say.camera_on"), primary: true, act: mic ? ctx.actions.mic : ctx.actions.camera },
        { text: t("say.later"), act: () => {} },
      ],
    });
  });
  let role = meeting.self.role;
  ctx.on("rights", ({ person }) => {
    if (person.peer !== meeting.self.peer || meeting.self.role === role) return;
    role = meeting.self.role;
    toast(t("say.role_you", { role: t(`people.role_${role}`) }), { icon: "shield", test: "toast-role" });
  });
}

function room(ctx) {
  const { meeting } = ctx;
  let before = { locked: meeting.room.locked, name: meeting.room.name, spotlight: meeting.room.spotlight };
  ctx.on("room", ({ room: now, by }) => {
    const name = calledName(meeting, by);
    const mine = by === meeting.self.peer;
    if (!mine && now.locked !== before.locked) toast(t(now.locked ? "say.locked" : "say.unlocked", { name }), { icon: now.locked ? "lock" : "unlock" });
    if (!mine && now.name !== before.name) toast(t("say.renamed", { name, room: now.name }), { icon: "edit" });
    if (now.spotlight === meeting.self.peer && before.spotlight !== now.spotlight) toast(t("say.spotlight_you"), { icon: "spotlight" });
    before = { locked: now.locked, name: now.name, spotlight: now.spotlight };
  });
}
