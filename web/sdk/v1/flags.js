//! Own media as the others see it: devices on one side, flags on the other, kept equal within one's rights.

import { ConveneError } from "./error.js";

const RIGHTS = { audio: "publish_audio", video: "publish_video", screen: "publish_screen" };
const TURN = { audio: "setAudio", video: "setVideo", screen: "shareScreen" };

export class Flags {
  #busy = false;
  #again = false;

  /** @param {any} call media, mirror, request, can, refused */
  constructor(call) {
    this.call = call;
  }

  /** What the flags should say. */
  wish() {
    const { media, mirror, can } = this.call;
    const may = (kind) => mirror.self === null || can(RIGHTS[kind]);
    return {
      audio: media.audio && may("audio"),
      video: media.video && may("video"),
      screen: media.screen && may("screen"),
      audio_available: media.available("audio"),
      video_available: media.available("video"),
    };
  }

  /** @param {"audio" | "video" | "screen"} kind @param {boolean} on @returns {Promise<boolean>} */
  async set(kind, on) {
    if (on && !this.call.can(RIGHTS[kind])) {
      throw new ConveneError("forbidden", `you may not turn ${kind} on here`, { right: RIGHTS[kind] });
    }
    return this.call.media[TURN[kind]](on);
  }

  /** A host turned it off, or it may not be on. @param {string} kind audio, video or screen */
  off(kind) {
    return this.call.media[TURN[kind]](false);
  }

  /** Turns off what is on without the right to it. */
  obey() {
    for (const kind of Object.keys(RIGHTS)) {
      if (this.call.media[kind] && !this.call.can(RIGHTS[kind])) void this.off(kind);
    }
  }

  /** After sitting down: a person without the right joined with a device on, or it changed while the connection was away. */
  told() {
    this.obey();
    this.tell();
  }

  /** Sends what differs; one at a time, the latest wins. */
  tell() {
    this.#again = true;
    if (!this.#busy) void this.#run();
  }

  async #run() {
    this.#busy = true;
    while (this.#again) {
      this.#again = false;
      await this.#send();
    }
    this.#busy = false;
  }

  async #send() {
    const { mirror, request, refused } = this.call;
    if (!mirror.self) return;
    const wish = this.wish();
    const changed = Object.entries(wish).filter(([key, value]) => mirror.self.media[key] !== value);
    if (changed.length === 0) return;
    try {
      await request("set_media", Object.fromEntries(changed));
      mirror.self.media = { ...mirror.self.media, ...Object.fromEntries(changed) };
    } catch (error) {
      if (error.code === "disconnected") return; // said again after the resume
      refused("set_media", error);
      if (error.code !== "forbidden") return;
      for (const [kind, on] of changed) if (on === true && RIGHTS[kind]) await this.off(kind);
    }
  }
}
