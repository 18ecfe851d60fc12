//! The card to join with: name, PIN when asked, devices, and what the server says to it.

import { Convene } from "../../sdk/v1.js";
import { h, setText } from "./dom.js";
import { icon } from "./icons.js";
import { refusal, t } from "./i18n.js";
import { prefs } from "./prefs.js";

/** Refusals that get a page of their own instead of a line under the form. */
export const ENDINGS = new Set(["no_such_room", "room_full", "locked", "ended", "banned"]);

export class JoinCard {
  /** `enter({name, pin})` joins or rejects; `refused(ending)` leads to an ending; `named(name)` hears the name as it is typed. */
  constructor({ code, enter, refused, named }) {
    this.enter = enter;
    this.refused = refused;
    this.busy = false;
    this.room = h("span", {});
    this.name = h("input", { class: "input", id: "name", maxlength: "60", autocomplete: "name", placeholder: t("preview.name_hint"), value: prefs.name, test: "name" });
    this.name.addEventListener("input", () => named(this.name.value));
    this.pin = h("input", { class: "input pin-input", id: "pin", inputmode: "numeric", maxlength: "8", autocomplete: "one-time-code", "aria-describedby": "pin-note", test: "pin" });
    this.pinField = h("div", { class: "field", hidden: true }, h("label", { for: "pin", text: t("preview.pin") }), this.pin, h("p", { id: "pin-note", class: "field-note", text: t("preview.pin_note") }));
    this.devices = h("div", { class: "device-fields" });
    this.failure = h("p", { class: "field-error", role: "alert", hidden: true, test: "join-error" });
    this.label = h("span", { text: t("preview.join") });
    this.button = h("button", { class: "button primary large wide", type: "submit", test: "join" }, this.label, icon("arrow"));
    const roomy = matchMedia("(min-width: 861px)").matches;
    this.element = h(
      "form",
      { class: "preview-card", novalidate: true, on: { submit: (event) => this.#submit(event) } },
      h("div", {}, h("h1", { text: t("preview.ready") }), h("p", { class: "preview-room" }, this.room, Convene.ownerSecret(code) ? h("span", { class: "tag", text: t("preview.owner") }) : null)),
      h("div", { class: "field" }, h("label", { for: "name", text: t("preview.name") }), this.name),
      this.pinField,
      h("details", { class: "preview-devices", open: roomy }, h("summary", {}, icon("settings"), h("span", { text: t("preview.devices") })), this.devices),
      this.failure,
      this.button,
    );
  }

  /** What was typed so far, for a card that takes this one's place. */
  typed() {
    return { name: this.name.value, pin: this.pin.value, needsPin: !this.pinField.hidden };
  }

  type({ name, pin, needsPin }) {
    this.name.value = name;
    this.pin.value = pin;
    this.pinField.hidden = !needsPin;
  }

  showRoom(title, needsPin) {
    setText(this.room, title);
    if (needsPin) this.pinField.hidden = false;
  }

  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.failure.hidden = true;
    const name = this.name.value.trim();
    if (name === "") {
      this.#fail(t("preview.name_missing"), this.name);
      return;
    }
    prefs.name = name;
    this.#setBusy(true);
    try {
      await this.enter({ name, pin: this.pin.value.trim() || undefined });
    } catch (error) {
      this.#setBusy(false);
      this.#judge(error);
    }
  }

  #setBusy(busy) {
    this.busy = busy;
    this.button.disabled = busy;
    setText(this.label, t(busy ? "preview.joining" : "preview.join"));
  }

  #judge(error) {
    const { code } = error;
    if (code === "wrong_pin") this.#askPin();
    else if (code === "rate_limited" && !this.pinField.hidden) {
      this.#fail(t("preview.pin_later", { seconds: Math.ceil((error.retry_after_ms ?? 60_000) / 1000) }), this.pin);
    } else if (code === "invalid_field" && error.field === "name") this.#fail(t("preview.name_bad"), this.name);
    else if (ENDINGS.has(code)) this.refused({ reason: "refused", code });
    else this.#fail(code === "unreachable" ? t("end.unreachable") : t("end.failed", { reason: refusal(error) }));
  }

  #askPin() {
    const guessed = this.pin.value.trim() !== "";
    this.pinField.hidden = false;
    if (guessed) this.#fail(t("preview.pin_wrong"), this.pin);
    else this.pin.focus();
  }

  #fail(words, field) {
    this.failure.hidden = false;
    setText(this.failure, words);
    field?.setAttribute("aria-invalid", "true");
    field?.focus();
  }
}
