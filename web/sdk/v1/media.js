//! Own microphone, camera and screen: opened, changed and closed without ever failing the call; faults become plain kinds.

import { Emitter, emit } from "./emitter.js";
import { listDevices, openDevice, openScreen } from "./devices.js";
import { Meter } from "./meter.js";

export class LocalMedia extends Emitter {
  problems = { audio: null, video: null, screen: null };
  /** @type {import("../v1.d.ts").Devices} */
  devices = { microphones: [], cameras: [], speakers: [] };
  cameraStream = new MediaStream();
  screenStream = new MediaStream();
  /** @type {MediaStreamTrack | null} */ audioTrack = null;
  /** @type {MediaStreamTrack | null} */ videoTrack = null;
  /** @type {MediaStreamTrack | null} */ screenTrack = null;
  /** @type {MediaStreamTrack | null} */ screenSoundTrack = null;
  #audio = false;
  #wished = { audio: "", video: "" };
  #closed = false;
  #chain = Promise.resolve();
  #meter = new Meter((level) => emit(this, "level", { level }));
  #changed = () => void this.#refresh();

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener?.("devicechange", this.#changed);
  }

  get audio() {
    return this.#audio && this.audioTrack !== null;
  }
  get video() {
    return this.videoTrack !== null;
  }
  get screen() {
    return this.screenTrack !== null;
  }
  get microphone() {
    return this.audioTrack?.getSettings().deviceId ?? "";
  }
  get camera() {
    return this.videoTrack?.getSettings().deviceId ?? "";
  }
  get level() {
    return this.audio ? this.#meter.level : 0;
  }

  /** Whether a device seems to be there and allowed. @param {"audio" | "video"} kind */
  available(kind) {
    if (this.problems[kind] === "denied" || this.problems[kind] === "insecure") return false;
    if (this[`${kind}Track`]) return true;
    return this.devices[kind === "audio" ? "microphones" : "cameras"].length > 0;
  }

  /** One change at a time: a quick double click must not open a device twice. */
  #turn(step) {
    const done = this.#chain.then(step);
    this.#chain = done.catch(() => {});
    return done;
  }

  /** @param {boolean} on */
  setAudio(on) {
    return this.#turn(async () => {
      if (on && !this.audioTrack && !(await this.#openAudio(this.#wished.audio))) return false;
      this.#audio = on;
      if (this.audioTrack) this.audioTrack.enabled = on;
      this.#tell("audio");
      return true;
    });
  }

  /** @param {boolean} on */
  setVideo(on) {
    return this.#turn(async () => {
      if (on === this.video) return true;
      if (on) return this.#openVideo(this.#wished.video);
      this.#dropVideo();
      this.#tell("video");
      return true;
    });
  }

  /** @param {boolean} on */
  shareScreen(on) {
    if (on === this.screen) return Promise.resolve(true);
    if (!on) {
      this.#dropScreen();
      return Promise.resolve(true);
    }
    return this.#openScreen();
  }

  /** @param {string} id */
  useMicrophone(id) {
    return this.#turn(async () => {
      this.#wished.audio = id;
      if (!this.audioTrack) return true;
      return this.#openAudio(id);
    });
  }

  /** @param {string} id */
  useCamera(id) {
    return this.#turn(async () => {
      this.#wished.video = id;
      if (!this.videoTrack) return true;
      return this.#openVideo(id);
    });
  }

  async #openAudio(id) {
    const old = this.audioTrack;
    const track = await this.#open("audio", id);
    if (!track) return false;
    track.enabled = this.#audio;
    this.audioTrack = track;
    stop(old);
    this.#meter.listen(track);
    this.#tell("audio");
    return true;
  }

  async #openVideo(id) {
    const old = this.videoTrack;
    // Many cameras can't be opened twice, so the old one goes first.
    stop(old);
    const track = await this.#open("video", id);
    if (old) this.cameraStream.removeTrack(old);
    this.videoTrack = track;
    if (track) this.cameraStream.addTrack(track);
    this.#tell("video");
    return track !== null;
  }

  /** @param {"audio" | "video"} kind @param {string} id @returns {Promise<MediaStreamTrack | null>} */
  async #open(kind, id) {
    let { track, problem } = await openDevice(kind, id);
    if (problem === "absent" && id) ({ track, problem } = await openDevice(kind, ""));
    if (track && this.#closed) stop(track);
    if (this.#closed) return null;
    this.problems[kind] = problem;
    if (track) {
      track.addEventListener("ended", () => this.#unplugged(kind, track));
      await this.#refresh();
    } else this.#tell(kind);
    return track;
  }

  /** The device went away by itself: another one takes over, if there is one. */
  #unplugged(kind, track) {
    if (this[`${kind}Track`] !== track || this.#closed) return;
    void this.#turn(async () => {
      if (this[`${kind}Track`] !== track) return;
      const again = kind === "audio" ? await this.#openAudio("") : await this.#openVideo("");
      if (again) return;
      if (kind === "audio") {
        this.audioTrack = null;
        this.#audio = false;
        this.#meter.listen(null);
      }
      this.#tell(kind);
    });
  }

  #dropVideo() {
    if (!this.videoTrack) return;
    stop(this.videoTrack);
    this.cameraStream.removeTrack(this.videoTrack);
    this.videoTrack = null;
  }

  async #openScreen() {
    const { tracks, problem } = await openScreen();
    this.problems.screen = problem;
    const track = tracks.find((one) => one.kind === "video") ?? null;
    if (!track || this.#closed || this.screenTrack) {
      tracks.forEach(stop);
      if (problem) this.#tell("screen");
      return false;
    }
    this.screenTrack = track;
    this.screenSoundTrack = tracks.find((one) => one.kind === "audio") ?? null;
    this.screenStream.addTrack(track);
    track.addEventListener("ended", () => this.screenTrack === track && this.#dropScreen());
    this.#tell("screen");
    return true;
  }

  #dropScreen() {
    if (!this.screenTrack) return;
    stop(this.screenTrack);
    stop(this.screenSoundTrack);
    this.screenStream.removeTrack(this.screenTrack);
    this.screenTrack = this.screenSoundTrack = null;
    this.#tell("screen");
  }

  async #refresh() {
    const devices = await listDevices();
    if (JSON.stringify(devices) === JSON.stringify(this.devices) || this.#closed) return;
    this.devices = devices;
    emit(this, "devices", devices);
  }

  #tell(kind) {
    emit(this, "change", { kind });
  }

  /** Looks for devices and opens those asked for. @param {import("../v1.d.ts").MediaOptions} [options] */
  async start({ audio = false, video = false } = {}) {
    await this.#refresh();
    if (typeof audio === "string") this.#wished.audio = audio;
    if (typeof video === "string") this.#wished.video = video;
    // One after the other, so that a browser asks in one order.
    if (audio !== false) await this.setAudio(true);
    if (video !== false) await this.setVideo(true);
    return this;
  }

  close() {
    this.#closed = true;
    navigator.mediaDevices?.removeEventListener?.("devicechange", this.#changed);
    this.#meter.close();
    stop(this.audioTrack);
    this.audioTrack = null;
    this.#audio = false;
    this.#dropVideo();
    this.#dropScreen();
  }
}

/** @param {MediaStreamTrack | null} track */
function stop(track) {
  track?.stop();
}

/** @param {import("../v1.d.ts").MediaOptions} [options] */
export function openMedia(options) {
  return new LocalMedia().start(options);
}
