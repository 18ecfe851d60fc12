//! The hosts' dialog: name, lock, sizes, what people may do, and the owner's PINs.

import { h, setText, uid } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { copyText } from "./clipboard.js";
import { openDialog } from "./dialog.js";
import { switchRow } from "./settings.js";
import { toast } from "./toast.js";

/** Opens the dialog; what the asker may not change is left out. */
export function openRoomSettings(ctx) {
  const { meeting } = ctx;
  const manage = meeting.can("manage");
  const isOwner = meeting.self.role === "owner";
  const pins = isOwner ? pinPart(ctx) : null;
  openDialog({
    title: t("bar.room"),
    test: "room-dialog",
    content: [manage ? nameField(ctx) : null, lockSwitch(ctx), manage ? sizes(ctx) : null, manage ? policy(ctx) : null, pins?.element].filter(Boolean),
    onClose: () => pins?.stop(),
  });
}

/** Sends one change and says how it went; `undo` brings the control back. */
async function change(ctx, fields, undo) {
  const done = await ctx.attempt(() => ctx.meeting.updateRoom(fields));
  if (done) toast(t("room.saved"), { icon: "check", test: "saved" });
  else undo();
}

function nameField(ctx) {
  const id = uid("room-name");
  const input = h("input", { class: "input", id, maxlength: "100", value: ctx.meeting.room.name, test: "room-name-input" });
  input.addEventListener("change", () => {
    const undo = () => {
      input.value = ctx.meeting.room.name;
    };
    change(ctx, { name: input.value.trim() }, undo);
  });
  return h("div", { class: "field" }, h("label", { for: id, text: t("room.name") }), input);
}

function lockSwitch(ctx) {
  const act = async (on, input) => {
    input.checked = (await ctx.attempt(() => ctx.meeting.lock(on))) ? on : !on;
  };
  return h("div", {}, switchRow("room.lock", ctx.meeting.room.locked, act, "lock"), h("p", { class: "field-note", text: t("room.lock_note") }));
}

function sizes(ctx) {
  return h(
    "div",
    { class: "field-pair" },
    numberField(ctx, "capacity", { label: "room.capacity", min: 1, max: 1_000 }),
    numberField(ctx, "max_video", { label: "room.max_video", min: 0, max: 50, note: "room.max_video_note" }),
  );
}

function numberField(ctx, field, { label, min, max, note }) {
  const id = uid(field);
  const input = h("input", { class: "input", type: "number", id, min, max, value: String(ctx.meeting.room[field]), test: field });
  input.addEventListener("change", () => {
    const undo = () => {
      input.value = String(ctx.meeting.room[field]);
    };
    if (!input.checkValidity() || input.value === "") return undo();
    return change(ctx, { [field]: Number(input.value) }, undo);
  });
  return h("div", { class: "field" }, h("label", { for: id, text: t(label) }), input, note ? h("p", { class: "field-note", text: t(note) }) : null);
}

function policy(ctx) {
  const row = (kind) => {
    const act = (on, input) => {
      const undo = () => {
        input.checked = !on;
      };
      change(ctx, { policy: { [kind]: on } }, undo);
    };
    return switchRow(`room.allow_${kind}`, ctx.meeting.room.policy[kind], act, `policy-${kind}`);
  };
  return h("fieldset", { class: "fieldset" }, h("legend", { text: t("room.allow") }), ["audio", "video", "screen", "chat"].map(row));
}

function pinPart(ctx) {
  const { meeting } = ctx;
  const rows = { pin: pinRow("pin"), spin: pinRow("spin") };
  const show = (pins) => {
    rows.pin.show(pins?.pin);
    rows.spin.show(pins?.spin);
  };
  const rotate = async () => {
    const done = await ctx.attempt(async () => show(await meeting.rotatePins({ pin: true, spin: true })));
    if (done) toast(t("room.rotated"), { icon: "key", test: "rotated" });
  };
  const stop = meeting.on("pins", ({ pins }) => show(pins));
  show(meeting.room.pins);
  const element = h(
    "fieldset",
    { class: "fieldset" },
    h("legend", { text: t("room.pins") }),
    h("p", { class: "field-note", text: t("room.pins_note") }),
    rows.pin.element,
    rows.spin.element,
    h("button", { class: "button small", type: "button", test: "rotate-pins", on: { click: rotate } }, icon("rotate"), t("room.rotate")),
  );
  return { element, stop };
}

function pinRow(which) {
  const code = h("code", { class: "pin-code", test: which });
  const label = t(`room.${which}`);
  const copy = h("button", { class: "icon-button", type: "button", "aria-label": t("room.copy_pin", { who: label }), title: t("room.copy_pin", { who: label }), on: { click: () => copyText(code.textContent.replace(/\s/g, "")) } }, icon("copy"));
  const show = (pin) => setText(code, pin ? `${pin.slice(0, 4)} ${pin.slice(4)}` : "…");
  return { element: h("div", { class: "pin-row" }, h("span", { text: label }), code, copy), show };
}
