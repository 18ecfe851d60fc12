//! A call in a room: a seat by the shared SDK, and what happens there as pages of mesibo's are told it.

import { delay } from "../sdk/v1/backoff.js";
import { isPassing } from "../sdk/v1/error.js";
import { Convene } from "../sdk/v1.js";
import { Door, tell } from "./door.js";
import { Messages } from "./messages.js";
import { Own } from "./own.js";
import { CAMERA, People, SCREEN } from "./people.js";
import { find, showIn, Sounds } from "./views.js";

export { Door, Messages };

const { MESIBO_STATUS_ONLINE: ONLINE, MESIBO_STATUS_OFFLINE: OFFLINE, MESIBO_STATUS_SIGNOUT: SIGNOUT, MESIBO_STATUS_AUTHFAIL: AUTHFAIL } = globalThis;
const { MESIBO_STATUS_CONNECTFAILURE: CONNECTFAILURE, MESIBOCALL_HANGUP_REASON_USER: USER } = globalThis;
const { MESIBOCALL_HANGUP_REASON_REMOTE: REMOTE, MESIBOCALL_HANGUP_REASON_ERROR: ERROR } = globalThis;
/** Of the SDK's streams, those that are a type's picture and its sound. */
const SEEN = { [CAMERA]: "camera", [SCREEN]: "screen" };
const HEARD = { [CAMERA]: "mic", [SCREEN]: "screen" };
const NAMELESS = "Guest";
const NAME_CHARS = 64;

export class Live {
  /** @type {import("../sdk/v1.d.ts").Meeting | null} */
  meeting = null;
  /** The seat to come, or null if there is to be none. @type {Promise<any> | null} */
  seated = null;
  #own = new Own(this);
  #people = new People();
  #sounds = new Sounds();
  #name = "";
  /** The latest wish to be in the room. @type {object | null} */
  #wish = null;

  /** @param {any} room gid, listener, make(it), account: shared with the page's own object */
  constructor(room) {
    this.room = room;
    this.account = room.account;
    room.live = this;
  }

  /** Tells the page something of one of its participants. */
  tell(it, name, ...more) {
    tell(it.listener ?? this.room.listener, name, it.stream, ...more);
  }

  // --- Coming and going
  join() {
    if (this.seated) return;
    const wish = (this.#wish = {});
    this.seated = this.#enter(() => this.#wish === wish);
  }

  /** @param {() => boolean} isWanted */
  async #enter(isWanted) {
    await this.account.entered;
    const meeting = await this.#sit(isWanted).catch((error) => (isWanted() ? this.#refused(error) : null));
    if (!meeting) return null;
    if (!isWanted()) {
      await meeting.leave();
      return null;
    }
    this.meeting = meeting;
    this.#attend(meeting);
    return meeting;
  }

  /** Tries until there is a seat or a reason why not. @param {() => boolean} isWanted */
  async #sit(isWanted) {
    const { account, room } = this;
    for (let attempt = 0; isWanted(); attempt += 1) {
      try {
        const name = (this.#name || account.name || NAMELESS).slice(0, NAME_CHARS);
        return await Convene.join({ room: String(room.gid), name, token: account.token });
      } catch (error) {
        if (!isPassing(error) && error.code !== "unreachable") throw error;
        account.tellStatus(CONNECTFAILURE);
      }
      await new Promise((resolve) => setTimeout(resolve, delay(attempt)));
    }
    return null;
  }

  #refused(error) {
    this.seated = this.#wish = null;
    console.warn(`mesibo.js: room ${this.room.gid} is not open to this account: ${error.code} (its PIN is shown by joingroup)`);
    this.#over(error);
    return null;
  }

  /** There is no seat, or none any more, and not because the page wished so. */
  #over({ code, reason, message }) {
    const why = code ?? reason;
    if (why === "token_invalid") this.account.tellStatus(AUTHFAIL);
    else if (why === "revoked") this.account.tellStatus(SIGNOUT);
    else tell(this.account.listener, "Mesibo_OnError", { code: why, message: message ?? why });
  }

  #attend(meeting) {
    // What is left of a call after leaving it is nobody's.
    const on = (type, act) => meeting.on(type, (detail) => this.meeting === meeting && act(detail));
    on("state", ({ state, ending }) => this.#stateChanged(state, ending));
    on("joined", () => this.#own.moved());
    on("peer", ({ person }) => this.#follow(person));
    on("change", ({ person }) => this.#follow(person));
    on("peerleft", ({ person }) => this.#told(this.#people.remove(person)));
    on("track", ({ person, source, kind }) => this.#tracked(person, source, kind));
    on("quality", ({ person, quality }) => this.#connection(person, quality));
    on("speaking", ({ peers }) => this.#talking(peers));
    this.#own.attend(meeting.media);
    this.account.attend(this.room, meeting);
    this.account.tellStatus(ONLINE);
    for (const person of meeting.people.values()) this.#follow(person);
  }

  #stateChanged(state, ending) {
    if (state === "connected") this.account.tellStatus(ONLINE);
    if (state === "reconnecting") this.account.tellStatus(OFFLINE);
    if (state !== "ended" || !this.meeting) return;
    this.#own.endAll(REMOTE);
    this.#gone();
    this.#over(ending);
  }

  #gone() {
    this.meeting = this.seated = this.#wish = null;
    this.#told(this.#people.clear());
    this.#sounds.close();
  }

  async leave() {
    const { meeting } = this;
    this.#own.endAll(USER);
    this.#gone();
    await meeting?.leave();
  }

  // --- Others
  #follow(person) {
    if (person.peer === this.meeting.self.peer) return;
    this.#told(this.#people.update(person));
  }

  #told(told) {
    const { listener } = this.room;
    for (const [what, it] of told) {
      if (what === "came") {
        this.#watch(it);
        tell(listener, "MesiboGroupcall_OnPublisher", this.room.make(it), true);
      } else if (what === "went") {
        this.#sounds.silence(it);
        const isTold = it.called && it.type === SCREEN; // who stops sharing has not left
        if (it.called) this.tell(it, "MesiboGroupcall_OnHangup", REMOTE);
        Object.assign(it, { called: false, connected: false });
        if (!isTold) tell(listener, "MesiboGroupcall_OnPublisher", it.stream, false);
      } else if (what === "off") this.tell(it, "MesiboGroupcall_OnMute", it.off.audio, it.off.video, true);
      else tell(listener, "MesiboGroupcall_OnSubscriber", it.stream ?? this.room.make(it), what === "watches");
    }
  }

  /** Asks for somebody's pictures only while the page wants one of them. */
  #watch({ address }) {
    const all = [CAMERA, SCREEN].map((type) => this.#people.stream(address, type));
    this.meeting?.setVisible(address, all.some((it) => it?.called && !it.muted.video));
  }

  #hear(it) {
    const stream = this.meeting?.remote(it.address)?.[HEARD[it.type]];
    if (it.called && !it.muted.audio && stream?.getAudioTracks().length > 0) this.#sounds.hear(it, stream);
    else this.#sounds.silence(it);
  }

  /** @returns {MediaStream | null} what there is to see of it now */
  #picture(it) {
    if (it.local) return this.meeting && this.#own.picture(it);
    if (!it.called || it.muted.video) return null;
    return this.meeting?.remote(it.address)?.[SEEN[it.type]] ?? null;
  }

  /** Something of somebody arrives. */
  #tracked({ peer }, source, kind) {
    for (const type of [CAMERA, SCREEN]) {
      const it = this.#people.stream(peer, type);
      if (!it || (HEARD[type] !== source && SEEN[type] !== source)) continue;
      this.#hear(it);
      if (it.view) showIn(it.view, this.#picture(it));
      if (kind === "video") this.#tellVideo(it);
    }
  }

  #tellVideo(it) {
    if (this.#picture(it)?.getVideoTracks().length > 0) this.tell(it, "MesiboGroupcall_OnVideo");
  }

  #connection({ peer }, { connection }) {
    for (const type of [CAMERA, SCREEN]) {
      const it = this.#people.stream(peer, type);
      const is = connection === "connected";
      if (!it?.called || it.connected === is) continue;
      it.connected = is;
      this.tell(it, "MesiboGroupcall_OnConnected", is);
    }
  }

  #talking(peers) {
    const others = [...this.#people.streams()].filter(({ type }) => type === CAMERA);
    for (const it of [...others, ...this.#own.cameras()]) {
      const talking = peers.has(it.address);
      if (it.talking === talking) continue;
      Object.assign(it, { talking, talkedAt: Date.now() });
      this.tell(it, "MesiboGroupcall_OnTalking", talking);
    }
  }

  // --- What the page asks of a participant, itself or another
  async call(it) {
    if (it.local) return this.#send(it);
    if (!this.#has(it)) return;
    this.#watch(it);
    this.#hear(it);
    const quality = this.meeting?.remote(it.address)?.quality;
    if (quality) this.#connection({ peer: it.address }, quality);
    this.#tellVideo(it);
  }

  async #send(it) {
    this.#own.uses(it);
    this.join();
    const calling = (it.calling = {});
    await this.seated;
    if (!it.called || it.calling !== calling) return; // hung up meanwhile, or called anew
    if (this.meeting) await this.#own.call(it);
    else this.#own.end(it, ERROR);
  }

  #has(it) {
    return this.#people.stream(it.address, it.type) === it;
  }

  async hangUp(it) {
    if (it.local) return this.#own.hangUp(it);
    it.connected = false;
    this.#watch(it);
    this.#hear(it);
    if (it.view) showIn(it.view, null);
    if (this.#has(it)) this.tell(it, "MesiboGroupcall_OnHangup", USER);
  }

  async mute(it, kind) {
    if (it.local) return this.#own.mute(it, kind);
    if (kind === "audio") this.#hear(it);
    else this.#watch(it);
    if (it.view) showIn(it.view, this.#picture(it));
    this.tell(it, "MesiboGroupcall_OnMute", it.muted.audio, it.muted.video, false);
  }

  async rename(it) {
    if (!it.local || it.type !== CAMERA) return;
    this.#name = it.name.slice(0, NAME_CHARS);
    await this.meeting?.setProfile({ name: this.#name });
  }

  async show(it, wish) {
    const view = await find(wish);
    if (view) {
      for (const other of [...this.#people.streams(), ...this.#own.used]) {
        if (other !== it && other.view === view) other.view = null; // a place shows one picture
      }
      it.view = view;
      showIn(view, this.#picture(it));
    }
    tell(wish, "done", view !== null);
  }
}
