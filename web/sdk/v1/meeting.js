//! The public face of a meeting: what there is to read, what can be done; typed in v1.d.ts.

import { actions } from "./actions.js";
import { emit, Emitter } from "./emitter.js";
import { Engine } from "./engine.js";
import { markOf, newId } from "./ids.js";
import { openMedia } from "./media.js";
import { claimSeat, readSeat } from "./store.js";

export class Meeting extends Emitter {
  #engine;

  /** Made by `Convene.join` only. @param {import("../v1.d.ts").JoinOptions} options @param {import("./media.js").LocalMedia} media @param {any} kept */
  constructor(options, media, kept) {
    super();
    this.media = media;
    this.#engine = new Engine(options, media, kept, (type, detail) => emit(this, type, detail));
  }

  /** @param {import("../v1.d.ts").JoinOptions} options */
  static async join(options) {
    const media = /** @type {import("./media.js").LocalMedia} */ (options.media ?? (await openMedia(options)));
    const meeting = new Meeting(options, media, options.resume === false ? null : await keptFor(options));
    try {
      await meeting.#engine.session.open();
    } catch (error) {
      meeting.#engine.close();
      if (!options.media) media.close();
      throw error;
    }
    return meeting;
  }

  get state() {
    return this.#engine.state;
  }
  get ending() {
    return this.#engine.ending;
  }
  get room() {
    return this.#engine.mirror.room;
  }
  get self() {
    return this.#engine.mirror.self;
  }
  get people() {
    return this.#engine.mirror.people;
  }
  get hands() {
    return this.#engine.mirror.hands;
  }
  get messages() {
    return this.#engine.mirror.chat.list;
  }
  get moreMessages() {
    return this.#engine.mirror.chat.more;
  }
  get unsent() {
    return this.#engine.outbox.list;
  }
  get speaking() {
    return this.#engine.speaking.peers;
  }

  person(peer) {
    return this.#engine.mirror.person(peer);
  }
  remote(peer) {
    const { links } = this.#engine;
    const link = links.all.get(peer);
    return link && { ...link.received.streams, quality: links.quality(peer), receiving: links.receiving(peer) };
  }
  can(right) {
    return this.#engine.can(right);
  }

  setAudio(on) {
    return this.#engine.flags.set("audio", on);
  }
  setVideo(on) {
    return this.#engine.flags.set("video", on);
  }
  shareScreen(on) {
    return this.#engine.flags.set("screen", on);
  }
  setVisible(peer, visible) {
    const { links } = this.#engine;
    if (visible) links.hidden.delete(peer);
    else links.hidden.add(peer);
    links.review();
  }
  setPriority(peers) {
    const { links } = this.#engine;
    links.priority = [...peers];
    links.review();
  }

  async send(text, { to = null, reply_to = null, client_id = newId() } = {}) {
    const { message, no, at } = await this.#engine.outbox.add({ client_id, text, to, reply_to });
    return { message, no, at };
  }
  loadEarlier(limit = 50) {
    return this.#engine.loadEarlier(limit);
  }
  async markRead() {
    const no = this.messages.at(-1)?.no ?? 0;
    if (no > 0) await this.request("chat_read", { no });
  }

  request(type, fields) {
    return this.#engine.session.request(type, fields);
  }
  async diagnostics() {
    return this.#engine.describe(this);
  }
  leave() {
    return this.#engine.session.leave();
  }
}

Object.assign(Meeting.prototype, actions);

/** The seat this tab can come back to: of the same token, if one was shown, and held by no other page.
 *  @param {import("../v1.d.ts").JoinOptions} options */
async function keptFor({ room, token }) {
  const kept = readSeat(room);
  const isOurs = kept && (kept.as ?? null) === markOf(token);
  return isOurs && (await claimSeat(kept.session)) ? kept : null;
}
