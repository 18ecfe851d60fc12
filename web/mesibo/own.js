//! What one sends oneself: a page's publishers and the devices behind them.

import { tell } from "./door.js";
import { showIn } from "./views.js";

const { MESIBOCALL_HANGUP_REASON_USER: USER, MESIBOCALL_HANGUP_REASON_ERROR: ERROR, MESIBOCALL_VIDEOSOURCE_SCREEN: SCREEN_SOURCE } = globalThis;
const TURN = { audio: "setAudio", video: "setVideo" };

const isScreen = (it) => it.type > 0 || it.source === SCREEN_SOURCE;

export class Own {
  /** @type {Set<any>} those of the page that are in use */
  used = new Set();

  /** @param {any} live meeting, account, tell(it, name, ...) */
  constructor(live) {
    this.live = live;
  }

  get #meeting() {
    return this.live.meeting;
  }

  /** From when on there is a seat. */
  attend(media) {
    media.on("change", ({ kind }) => media === this.#meeting?.media && this.#changed(kind));
  }

  /** A fresh seat has another address. */
  moved() {
    for (const it of this.used) it.address = this.#meeting.self.peer;
  }

  uses(it) {
    this.used.add(it);
  }

  /** Begins to send. */
  async call(it) {
    const meeting = this.#meeting;
    it.address = meeting.self.peer;
    it.name ||= meeting.self.name;
    const may = isScreen(it) ? meeting.can("publish_screen") : meeting.can("publish_audio") || meeting.can("publish_video");
    if (!may) {
      console.warn("mesibo.js: this account may only watch in this room");
      return this.end(it, ERROR);
    }
    const { listener } = this.live.account;
    tell(listener, "Mesibo_OnPermission", true);
    const isOn = isScreen(it) ? await this.#share(it) : await this.#open(it);
    tell(listener, "Mesibo_OnPermission", false);
    if (!it.called) return this.hangUp(it);
    if (!isOn) return this.end(it, meeting.media.problems.screen || !isScreen(it) ? ERROR : USER);
    if (!isScreen(it)) it.muted = { audio: !meeting.media.audio, video: !meeting.media.video };
    Object.assign(it, { connected: true, off: { ...it.muted } });
    this.live.tell(it, "MesiboGroupcall_OnConnected", true);
    if (this.picture(it).getVideoTracks().length > 0) this.live.tell(it, "MesiboGroupcall_OnVideo");
  }

  async #share(it) {
    if (it.type === 0) await this.#turn("setVideo", false); // the screen in the camera's place
    const isOn = await this.#turn("shareScreen", true);
    if (it.type === 0) await this.#turn("setAudio", !it.muted.audio);
    return isOn;
  }

  /** With what there is: a microphone alone will do. */
  async #open(it) {
    const wanted = ["audio", "video"].filter((kind) => !it.muted[kind]);
    let opened = 0;
    for (const kind of wanted) opened += (await this.#turn(TURN[kind], true)) ? 1 : 0;
    for (const kind of ["audio", "video"]) if (it.muted[kind]) await this.#turn(TURN[kind], false);
    return wanted.length === 0 || opened > 0;
  }

  /** False too if one may not, or has left. */
  async #turn(what, on) {
    return (await this.#meeting?.[what](on).catch(() => false)) ?? false;
  }

  /** A page has muted it, or lets it be heard and seen again. */
  async mute(it, kind) {
    if (!it.called || !this.#meeting) return;
    const on = !it.muted[kind];
    if (isScreen(it) && kind === "video") await this.#turn("shareScreen", on);
    else if (it.type === 0) await this.#turn(TURN[kind], on);
    const { media } = this.#meeting ?? {};
    if (media && !isScreen(it)) it.muted[kind] = !media[kind];
    this.#tellMute(it, false);
  }

  #tellMute(it, remote) {
    this.live.tell(it, "MesiboGroupcall_OnMute", it.muted.audio, it.muted.video, remote);
  }

  async hangUp(it) {
    this.end(it, USER);
    if (isScreen(it)) await this.#turn("shareScreen", false);
    if (it.type === 0) await Promise.all([this.#turn("setAudio", false), this.#turn("setVideo", false)]);
  }

  /** It sends no more; the page is told. */
  end(it, reason) {
    const was = this.used.delete(it);
    Object.assign(it, { called: false, connected: false });
    if (was) this.live.tell(it, "MesiboGroupcall_OnHangup", reason);
  }

  /** All, because the call is over. */
  endAll(reason) {
    for (const it of [...this.used]) this.end(it, reason);
  }

  /** A device was turned on or off, by whomever. */
  #changed(kind) {
    if (!this.#meeting) return;
    const { media } = this.#meeting;
    for (const it of [...this.used]) {
      if (it.view) showIn(it.view, this.picture(it));
      if (!it.connected) continue;
      if (kind === "screen" && isScreen(it) && !media.screen && !it.muted.video) this.end(it, USER); // the browser's own button
      if (kind === "screen" || isScreen(it)) continue;
      it.off[kind] = !media[kind];
      if (it.muted[kind] === !media[kind]) continue;
      it.muted[kind] = !media[kind]; // a host did it
      this.#tellMute(it, true);
    }
  }

  /** @returns {MediaStream} */
  picture(it) {
    const { media } = this.#meeting;
    return isScreen(it) ? media.screenStream : media.cameraStream;
  }

  /** What is heard of oneself. */
  cameras() {
    return [...this.used].filter(({ type }) => type === 0);
  }
}
