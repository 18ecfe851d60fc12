//! One tile: a person's picture or initials, name, microphone, hand, link quality; or a shared screen.

import { h, setAttr, setText } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { initials, shownName, tone } from "./names.js";

/** `onMore(button)` opens the actions of the tile, `onEnlarge()` answers a double click. */
export class Tile {
  constructor({ person, source, onMore, onEnlarge }) {
    this.peer = person.peer;
    this.source = source;
    this.video = h("video", { autoplay: true, playsinline: true, tabindex: "-1" });
    this.video.muted = true;
    this.face = h("span", { class: "tile-initials" });
    this.name = h("span", { class: "tile-name" });
    this.micOff = h("span", { class: "tile-mic" }, icon("mic-off"));
    this.bars = h("span", { class: "tile-bars", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    this.rank = h("span", {});
    this.hand = h("span", { class: "tile-hand", hidden: true, test: "tile-hand" }, icon("hand"), this.rank);
    this.note = h("span", { class: "tile-note", hidden: true, test: "tile-note" });
    this.more = h("button", { class: "tile-more", type: "button" }, icon("more"));
    this.more.addEventListener("click", () => onMore(this.more));
    this.element = h(
      "div",
      { class: `tile ${source}-tile ${tone(person.peer)}`, role: "group", test: "tile", data: { peer: person.peer, source } },
      h("div", { class: "tile-face" }, this.face),
      this.video,
      this.note,
      h("div", { class: "tile-plate" }, this.micOff, this.name, this.bars),
      this.hand,
      this.more,
    );
    this.element.addEventListener("dblclick", onEnlarge);
  }

  /** Brings the tile to what the meeting says now. */
  show({ person, self, remote, media, state, spotlighted }) {
    const own = person.peer === self.peer;
    const stream = this.#stream(own, remote, media);
    const live = this.source === "screen" ? person.media.screen : person.media.video && (own ? media.video : remote?.receiving !== false);
    const playing = live && Boolean(stream?.getVideoTracks().length);
    this.#play(playing ? stream : null);
    const called = shownName(person, self);
    const title = this.source === "screen" ? (own ? t("call.your_screen") : t("call.screen_of", { name: person.name })) : called;
    setText(this.name, title);
    setText(this.face, initials(person.name));
    const muted = this.source === "camera" && !person.media.audio;
    this.micOff.hidden = !muted;
    this.hand.hidden = this.source === "screen" || !person.hand;
    setText(this.rank, person.hand ? String(person.hand.rank) : "");
    const note = this.#noteFor(own, person, remote, state);
    this.note.hidden = note === null || this.source === "screen";
    setText(this.note, note ?? "");
    const quality = own || this.source === "screen" ? null : (remote?.quality.quality ?? "unknown");
    this.bars.hidden = quality === null;
    setAttr(this.element, "data-quality", quality);
    setAttr(this.element, "data-state", own ? (state === "connected" ? "here" : "away") : person.state);
    setAttr(this.element, "data-video", String(playing));
    setAttr(this.element, "data-muted", String(muted));
    this.element.classList.toggle("with-picture", playing);
    this.element.classList.toggle("own", own);
    this.label = [
      title,
      muted && t("tile.muted"),
      person.hand && this.source === "camera" && t("tile.hand", { rank: person.hand.rank }),
      spotlighted && t("tile.spotlighted"),
      note,
      quality && t(`tile.quality_${quality === "lost" ? "poor" : quality}`),
    ].filter(Boolean).join(", ");
    setAttr(this.element, "aria-label", this.label);
    setAttr(this.more, "aria-label", t("tile.actions", { name: title }));
    this.bars.title = quality ? t(`tile.quality_${quality === "lost" ? "poor" : quality}`) : "";
  }

  speaking(on) {
    this.element.classList.toggle("speaking", on);
  }

  /** Puts the tile at `rect`; null takes it out of sight. */
  place(rect, large) {
    this.element.hidden = rect === null;
    this.element.classList.toggle("large", large);
    if (rect === null) return;
    const { style } = this.element;
    style.transform = `translate(${rect.x}px, ${rect.y}px)`;
    style.width = `${rect.width}px`;
    style.height = `${rect.height}px`;
    style.setProperty("--face", `${Math.round(Math.min(rect.width * 0.3, rect.height * 0.42, 148))}px`);
    this.element.classList.toggle("small", rect.width < 200 || rect.height < 120);
  }

  mirror(on) {
    this.video.classList.toggle("mirrored", on);
  }

  remove() {
    this.#play(null);
    this.element.remove();
  }

  #stream(own, remote, media) {
    if (own) return this.source === "screen" ? media.screenStream : media.cameraStream;
    return this.source === "screen" ? remote?.screen : remote?.camera;
  }

  #play(stream) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    if (stream && this.video.paused) this.video.play().catch(() => {});
  }

  #noteFor(own, person, remote, state) {
    if (own) return state === "reconnecting" ? t("tile.away") : null;
    if (person.state === "away") return t("tile.away");
    const connection = remote?.quality.connection;
    if (connection === "failed" || remote?.quality.quality === "lost") return t("tile.failed");
    if (connection === "new" || connection === "connecting") return t("tile.linking");
    return null;
  }
}
