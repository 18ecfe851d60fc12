//! Own media as the others see it: devices on one side, flags on the other, kept equal within one's rights.

import { ConveneError } from "./error.js";

const RIGHTS = { audio: "publish_audio", video: "publish_video", screen: "publish_screen" };
const TURN = { audio: "setAudio", video: "setVideo", screen: "shareScreen" };

export class Flags {
  #busy = false;
  #again = false;
  /** What is being turned off, while its device is still on. */
  #ending = new Set();

  /** @param {any} call media, mirror, request, can, refused */
  constructor(call) {
    this.call = call;
  }

  /** What the flags should say. */
  wish() {
    const { media, mirror, can } = this.call;
    const may = (kind) => !this.#ending.has(kind) && (mirror.self === null || can(RIGHTS[kind]));
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
  async off(kind) {
    this.#ending.add(kind);
    try {
      return await this.call.media[TURN[kind]](false);
    } finally {
      this.#ending.delete(kind);
    }
  }

  /** What the same server has turned off while nobody told us was a host's doing. @param {any} was the flags that it had @returns {[string, any][]} */
  mutedSince(was) {
    const { media, mirror } = this.call;
    const off = Object.keys(RIGHTS).filter((source) => was[source] && !mirror.self.media[source] && media[source]);
    return off.map((source) => ["muted", { person: mirror.self, source, by: null, self: true }]);
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
