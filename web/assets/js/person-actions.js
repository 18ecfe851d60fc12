//! What can be done with a person: for oneself (volume, show large, write) and, as host, for everybody.

import { h, uid } from "./dom.js";
import { t } from "./i18n.js";
import { openMenu } from "./menu.js";
import { confirm } from "./dialog.js";

/** The menu on a tile. `key` is the tile's, `peer` whose it is. */
export function tileMenu(ctx, button, peer, key) {
  const person = ctx.meeting.person(peer);
  if (!person) return;
  const pinned = ctx.stage.pinned === key;
  const items = [
    { icon: pinned ? "grid" : "pin", text: t(pinned ? "tile.shrink" : "tile.enlarge"), act: () => ctx.stage.pin(key), test: "pin" },
    ...personItems(ctx, person),
  ];
  openMenu(button, items, { label: t("tile.actions", { name: person.name }) });
}

/** The menu in the list of people. */
export function personMenu(ctx, button, person) {
  openMenu(button, personItems(ctx, person), { label: t("people.actions", { name: person.name }) });
}

/** Whether a person's menu in the list would hold anything. */
export function hasActions(ctx, person) {
  return personItems(ctx, person).length > 0;
}

function personItems(ctx, person) {
  const { meeting } = ctx;
  const own = person.peer === meeting.self.peer;
  const items = own ? [] : [volumeRow(ctx, person)];
  if (!own && meeting.can("chat_private")) items.push({ icon: "chat", text: t("people.private"), act: () => ctx.chat.writeTo(person.peer), test: "write-private" });
  if (meeting.can("moderate")) items.push(...moderation(ctx, person, own));
  if (meeting.can("manage") && !own) items.push(...roles(ctx, person));
  if (meeting.can("moderate") && !own && mayTouch(meeting, person)) {
    items.push("line", { icon: "remove", text: t("people.remove"), danger: true, act: () => askRemove(ctx, person), test: "kick" });
  }
  return items;
}

function moderation(ctx, person, own) {
  const { meeting } = ctx;
  const { peer, media } = person;
  const spotlit = meeting.room.spotlight === peer;
  const act = (work) => () => ctx.attempt(work);
  return [
    "line",
    !own && media.audio && { icon: "mic-off", text: t("people.mute"), act: act(() => meeting.mute(peer, "audio")), test: "mute-person" },
    !own && !media.audio && { icon: "mic", text: t("people.ask_mic"), act: act(() => meeting.askUnmute(peer, "audio")), test: "ask-unmute" },
    !own && media.video && { icon: "camera-off", text: t("people.stop_camera"), act: act(() => meeting.mute(peer, "video")) },
    !own && !media.video && { icon: "camera", text: t("people.ask_camera"), act: act(() => meeting.askUnmute(peer, "video")) },
    !own && media.screen && { icon: "screen-off", text: t("people.stop_screen"), act: act(() => meeting.mute(peer, "screen")) },
    person.hand && { icon: "hand", text: t("people.lower_hand"), act: act(() => meeting.lowerHand(peer)), test: "lower-hand" },
    { icon: "spotlight", text: t(spotlit ? "people.spotlight_end" : "people.spotlight"), act: act(() => meeting.spotlight(spotlit ? null : peer)), test: "spotlight" },
  ].filter(Boolean);
}

function roles(ctx, person) {
  const { meeting } = ctx;
  const isOwner = meeting.self.role === "owner";
  if (!mayTouch(meeting, person)) return [];
  const choices = [
    isOwner && { role: "cohost", icon: "shield", text: t("people.make_cohost") },
    { role: "participant", icon: "people", text: t("people.make_participant") },
    { role: "viewer", icon: "eye", text: t("people.make_viewer") },
  ];
  const offered = choices.filter((choice) => choice && choice.role !== person.role);
  return ["line", ...offered.map(({ role, ...item }) => ({ ...item, act: () => ctx.attempt(() => meeting.setRole(person.peer, role)), test: `make-${role}` }))];
}

/** Only an owner may act on an owner's or cohost's standing. */
function mayTouch(meeting, person) {
  if (meeting.self.role === "owner") return true;
  return person.role === "participant" || person.role === "viewer";
}

async function askRemove(ctx, person) {
  const sure = await confirm({ title: t("people.remove_question", { name: person.name }), yes: t("people.remove"), danger: true });
  if (sure) ctx.attempt(() => ctx.meeting.kick(person.peer));
}

function volumeRow(ctx, person) {
  const id = uid("volume");
  const slider = h("input", { type: "range", class: "range", id, min: "0", max: "100", step: "5", value: String(Math.round(ctx.voices.volume(person.peer) * 100)), "aria-label": t("tile.volume", { name: person.name }), test: "volume" });
  slider.addEventListener("input", () => ctx.voices.setVolume(person.peer, Number(slider.value) / 100));
  return h("div", { class: "menu-row" }, h("label", { for: id, text: t("people.volume") }), slider);
}
