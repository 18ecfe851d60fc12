//! Before the meeting: own picture, devices, name, PIN when asked, and the way in.

import { Convene } from "/sdk/v1.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { refusal, t } from "./i18n.js";
import { header } from "./header.js";
import { forgetMeeting, prefs, rememberMeeting } from "./prefs.js";
import { deviceFields, levelMeter } from "./devices.js";
import { previewTile } from "./preview-tile.js";
import { problemNotices } from "./media-words.js";

const ENDINGS = new Set(["no_such_room", "room_full", "locked", "ended", "banned"]);

/** Draws the preview; `joined(meeting)` and `refused(ending)` lead on. Returns what closes the devices. */
export function showPreview(root, { code, joined, refused }) {
  const state = { media: null, room: null, needsPin: false, busy: false, gone: false, parts: [] };

  const stopParts = () => state.parts.splice(0).forEach((stop) => stop());
  const close = () => {
    state.gone = true;
    stopParts();
    state.media?.close();
  };

  const enter = async (options) => {
    const meeting = await Convene.join({ room: code, ...options });
    if (state.gone) return void meeting.leave();
    stopParts();
    state.media = null;
    rememberMeeting(meeting.room.code, meeting.room.name);
    joined(meeting);
  };

  const draw = () => {
    stopParts();
    drawPreview(root, { code, state, enter, refused, redraw: draw });
  };

  begin();
  return close;

  async function begin() {
    const kept = Convene.keptSeat(code);
    if (kept) {
      drawReturning(root);
      try {
        return await enter({ name: kept.name, audio: kept.audio && (prefs.mic ?? true), video: kept.video && (prefs.camera ?? true) });
      } catch (error) {
        if (ENDINGS.has(error.code)) return state.gone ? undefined : refused({ reason: "refused", code: error.code });
      }
    }
    draw();
    state.opening = open();
    await state.opening;
    if (!state.gone && !state.busy) draw();
  }

  /** Looks the room up, then opens the devices: nobody is asked for a camera on the way to a room that isn't there. */
  async function open() {
    try {
      state.room = await Convene.getRoom(code);
      state.needsPin ||= state.room.needs_pin && !Convene.ownerSecret(code);
    } catch (error) {
      if (error.code === "no_such_room") forgetMeeting(code);
      if (error.code === "no_such_room" && !state.gone) return refused({ reason: "refused", code: error.code });
    }
    const media = await Convene.openMedia({ audio: prefs.micOn && (prefs.mic ?? true), video: prefs.cameraOn && (prefs.camera ?? true) });
    if (state.gone) return media.close();
    state.media = media;
  }
}

function drawReturning(root) {
  root.replaceChildren(
    h("main", { id: "main", class: "preview-wait", tabindex: "-1" }, h("span", { class: "spinner" }), h("h1", { text: t("preview.joining") }), h("p", { text: t("preview.rejoin") })),
  );
}

function drawPreview(root, { code, state, enter, refused, redraw }) {
  const room = state.room;
  const title = room?.name || code;
  document.title = t("app.title_preview", { room: title });
  const keep = { name: document.getElementById("name")?.value, focus: document.activeElement?.id };
  const tile = previewTile(state, keep.name ?? prefs.name);
  root.replaceChildren(
    h(
      "div",
      { class: "preview" },
      header(redraw),
      h(
        "main",
        { id: "main", class: "preview-main", tabindex: "-1" },
        h("div", { class: "preview-view" }, tile.element, problems(state)),
        joinCard({ code, title, state, enter, refused, tile }),
      ),
    ),
  );
  const name = document.getElementById("name");
  if (keep.name !== undefined) name.value = keep.name;
  if (keep.focus && keep.focus !== "main") document.getElementById(keep.focus)?.focus();
}

function problems(state) {
  const place = h("div", { class: "notices", role: "status", test: "media-problem" });
  if (!state.media) return place;
  const show = () => place.replaceChildren(...problemNotices(state.media));
  state.parts.push(state.media.on("change", show));
  show();
  return place;
}

function joinCard({ code, title, state, enter, refused, tile }) {
  const failure = h("p", { class: "field-error", role: "alert", hidden: true, test: "join-error" });
  const fail = (words, field) => {
    failure.hidden = false;
    failure.textContent = words;
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  };
  const name = h("input", { class: "input", id: "name", maxlength: "60", autocomplete: "name", placeholder: t("preview.name_hint"), value: prefs.name, test: "name" });
  name.addEventListener("input", () => tile.showFace(name.value));
  const pin = h("input", { class: "input pin-input", id: "pin", inputmode: "numeric", maxlength: "8", autocomplete: "one-time-code", "aria-describedby": "pin-note", test: "pin" });
  const pinField = h("div", { class: "field", hidden: !state.needsPin }, h("label", { for: "pin", text: t("preview.pin") }), pin, h("p", { id: "pin-note", class: "field-note", text: t("preview.pin_note") }));
  const label = h("span", { text: t("preview.join") });
  const button = h("button", { class: "button primary large wide", type: "submit", test: "join" }, label, icon("arrow"));

  const submit = async (event) => {
    event.preventDefault();
    if (state.busy) return;
    failure.hidden = true;
    const called = name.value.trim();
    if (called === "") return fail(t("preview.name_missing"), name);
    prefs.name = called;
    state.busy = true;
    button.disabled = true;
    label.textContent = t("preview.joining");
    try {
      await state.opening; // who is quicker than the devices waits for them
      await enter({ name: called, media: state.media ?? undefined, pin: pin.value.trim() || undefined });
    } catch (error) {
      state.busy = false;
      button.disabled = false;
      label.textContent = t("preview.join");
      judge(error);
    }
  };

  const judge = (error) => {
    const guessed = pin.value.trim() !== "";
    if (error.code === "wrong_pin") {
      state.needsPin = true;
      pinField.hidden = false;
      return guessed ? fail(t("preview.pin_wrong"), pin) : pin.focus();
    }
    if (error.code === "rate_limited" && state.needsPin) {
      return fail(t("preview.pin_later", { seconds: Math.ceil((error.retry_after_ms ?? 60_000) / 1000) }), pin);
    }
    if (ENDINGS.has(error.code)) return refused({ reason: "refused", code: error.code });
    fail(error.code === "unreachable" ? t("end.unreachable") : t("end.failed", { reason: refusal(error) }));
  };

  return h(
    "form",
    { class: "preview-card", novalidate: true, on: { submit } },
    h("div", {}, h("h1", { text: t("preview.ready") }), h("p", { class: "preview-room" }, h("span", { text: title }), Convene.ownerSecret(code) ? h("span", { class: "tag", text: t("preview.owner") }) : null)),
    h("div", { class: "field" }, h("label", { for: "name", text: t("preview.name") }), name),
    pinField,
    h("details", { class: "preview-devices", open: matchMedia("(min-width: 861px)").matches }, h("summary", {}, icon("settings"), h("span", { text: t("preview.devices") })), deviceSection(state)),
    failure,
    button,
  );
}

function deviceSection(state) {
  const place = h("div", { class: "device-fields" });
  if (!state.media) return place;
  const fields = deviceFields(state.media);
  const meter = levelMeter(state.media);
  state.parts.push(fields.stop, meter.stop);
  place.append(...fields.elements);
  place.querySelector("[data-kind=mic]")?.append(meter.element);
  return place;
}
