//! Before the meeting: own picture, devices, and the card to join; or straight back into a kept seat.

import { Convene } from "../../sdk/v1.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { header } from "./header.js";
import { forgetMeeting, prefs, rememberMeeting } from "./prefs.js";
import { deviceFields, levelMeter } from "./devices.js";
import { ENDINGS, JoinCard } from "./join-card.js";
import { previewTile } from "./preview-tile.js";
import { problemNotices } from "./media-words.js";

/** How long joining waits for devices that are still being asked for; then one joins without. */
const DEVICES_PATIENCE_MS = 6_000;

/** Draws the preview; `joined(meeting)` and `refused(ending)` lead on. Returns what closes the devices. */
export function showPreview(root, { code, joined, refused }) {
  const view = new Preview(root, { code, joined, refused });
  view.begin();
  return () => view.close();
}

class Preview {
  constructor(root, { code, joined, refused }) {
    this.root = root;
    this.code = code;
    this.joined = joined;
    this.refused = refused;
    this.media = null;
    this.opening = null;
    this.room = null;
    this.gone = false;
    this.parts = [];
  }

  async begin() {
    const kept = Convene.keptSeat(this.code);
    if (kept && (await this.#comeBack(kept))) return;
    if (this.gone) return;
    this.draw();
    this.opening = this.#openDevices();
    await this.#lookUp();
  }

  close() {
    this.gone = true;
    this.#stopParts();
    this.media?.close();
  }

  /** Draws everything anew, keeping what was typed. */
  draw() {
    const typed = this.card?.typed();
    this.card = new JoinCard({ code: this.code, enter: (fields) => this.#enterFromCard(fields), refused: this.refused, named: (name) => this.tile?.showFace(name) });
    this.view = h("div", { class: "preview-view" });
    const main = h("main", { id: "main", class: "preview-main", tabindex: "-1" }, this.view, this.card.element);
    this.root.replaceChildren(h("div", { class: "preview" }, header(() => this.draw()), main));
    if (typed) this.card.type(typed);
    this.#showRoom();
    this.#showMedia();
  }

  /** A reload: back into the seat that this tab holds. Resolves to whether nothing is left to do. */
  async #comeBack(kept) {
    this.root.replaceChildren(
      h("main", { id: "main", class: "preview-wait", tabindex: "-1" }, h("span", { class: "spinner" }), h("h1", { text: t("preview.joining") }), h("p", { text: t("preview.rejoin") })),
    );
    try {
      await this.#enter({ name: kept.name, audio: kept.audio && (prefs.mic ?? true), video: kept.video && (prefs.camera ?? true) });
      return true;
    } catch (error) {
      if (!ENDINGS.has(error.code)) return false;
      if (!this.gone) this.refused({ reason: "refused", code: error.code });
      return true;
    }
  }

  async #lookUp() {
    try {
      this.room = await Convene.getRoom(this.code);
      if (!this.gone) this.#showRoom();
    } catch (error) {
      if (error.code !== "no_such_room") return;
      forgetMeeting(this.code);
      if (!this.gone) this.refused({ reason: "refused", code: error.code });
    }
  }

  async #openDevices() {
    const media = await Convene.openMedia({ audio: prefs.micOn && (prefs.mic ?? true), video: prefs.cameraOn && (prefs.camera ?? true) });
    if (this.gone) return media.close();
    this.media = media;
    this.#showMedia();
    return undefined;
  }

  async #enterFromCard({ name, pin }) {
    await Promise.race([this.opening, new Promise((resolve) => setTimeout(resolve, DEVICES_PATIENCE_MS))]);
    if (this.gone) return;
    await this.#enter({ name, pin, media: this.media ?? undefined });
  }

  async #enter(options) {
    const meeting = await Convene.join({ room: this.code, ...options });
    if (this.gone) {
      meeting.leave();
      return;
    }
    this.#stopParts();
    this.media = null;
    rememberMeeting(meeting.room.code, meeting.room.name);
    this.joined(meeting);
  }

  #showRoom() {
    const title = this.room?.name || this.code;
    document.title = t("app.title_preview", { room: title });
    this.card.showRoom(title, Boolean(this.room?.needs_pin) && !Convene.ownerSecret(this.code));
  }

  /** The parts that follow the devices: picture, problems, choices. */
  #showMedia() {
    this.#stopParts();
    this.tile = previewTile(this.media, this.parts, this.card.typed().name);
    const problems = h("div", { class: "notices", role: "status", test: "media-problem" });
    this.view.replaceChildren(this.tile.element, problems);
    if (!this.media) return;
    const { media } = this;
    const show = () => problems.replaceChildren(...problemNotices(media));
    this.parts.push(media.on("change", show));
    show();
    const fields = deviceFields(media);
    const meter = levelMeter(media);
    fields.elements[0].append(meter.element);
    this.parts.push(fields.stop, meter.stop);
    this.card.devices.replaceChildren(...fields.elements);
  }

  #stopParts() {
    this.parts.splice(0).forEach((stop) => stop());
  }
}
