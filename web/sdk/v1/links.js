//! All peer connections of a meeting: who is linked with whom, what each receives, how each is doing.

import { Link } from "./link.js";
import { division, paused } from "./reception.js";
import { figures, quality, unknownQuality } from "./stats.js";

const EVERY_MS = 2000;
const REVIEW_MS = 60;
/** Key of the SDK's own bodies among the `signal`s. */
const OWN = "convene";
const PUBLISH = { mic: "publish_audio", camera: "publish_video", screen: "publish_screen" };

export class Links {
  /** @type {Map<string, Link>} */
  all = new Map();
  hidden = new Set();
  /** @type {readonly string[]} */
  priority = [];
  #paused = new Set();
  /** What each sender was last asked, and which peer connections have been asked at all. */
  #told = new Map();
  #greeted = new WeakSet();
  /** @type {Map<string, {quality: any, figures: any}>} */
  #measured = new Map();
  #timer;
  #reviewing = null;

  /** @param {any} call the meeting's side: mirror, media, configuration(), can(), request(), online(), refused(), tell() */
  constructor(call) {
    this.call = call;
    this.linkCall = {
      ...call,
      media: call.media,
      share: (link) => this.#share(link),
      linkChanged: (link) => this.#linkChanged(link),
      unlinked: (link) => this.remove(link.peer),
      trackCame: (link, source, track, stream) => call.tell("track", { person: link.person, source, kind: track.kind, track, stream }),
      trackWent: (link, source, track) => call.tell("trackended", { person: link.person, source, kind: track.kind, track }),
    };
    this.#timer = setInterval(() => this.#tick(), EVERY_MS);
  }

  /** Gets ready for a person; with `offer` it is on us to begin. @param {any} person @param {{offer: boolean, gen?: number}} how */
  add(person, { offer, gen }) {
    if (person.link === "none" || this.all.has(person.peer)) return;
    if (person.link === "one" && !offer && gen === undefined) return; // it begins with whom it is linked, and may not be us
    const link = this.#make(person, gen);
    if (offer) link.start();
  }

  #make(person, gen) {
    const link = new Link(person, this.linkCall, gen);
    this.all.set(person.peer, link);
    return link;
  }

  /** @param {string} peer */
  remove(peer) {
    this.all.get(peer)?.close();
    this.all.delete(peer);
    this.#measured.delete(peer);
    this.#told.delete(peer);
    this.hidden.delete(peer);
    this.retune();
  }

  /** An addressed push. @returns {boolean} whether it was for us */
  handle(push) {
    switch (push.type) {
      case "offer": {
        const person = this.call.mirror.people.get(push.from);
        const link = this.all.get(push.from) ?? (person && this.#make(person));
        void link?.handle(push);
        return true;
      }
      case "answer":
      case "candidate":
      case "end_of_candidates":
      case "renegotiate":
        void this.all.get(push.from)?.handle(push);
        return true;
      case "peer_cut": {
        const link = this.all.get(push.peer);
        void link?.run("cut", () => link.tracks?.cut(push.mids));
        return true;
      }
      case "signal":
        return this.#signal(push);
      default:
        return false;
    }
  }

  #signal({ from, body }) {
    const wish = body?.[OWN]?.video;
    if (wish === undefined) return false;
    const link = this.all.get(from);
    if (link && link.asked !== (wish !== "pause")) {
      link.asked = wish !== "pause";
      this.retune();
    }
    return true;
  }

  /** Somebody's rights or the room's policy changed. */
  rightsChanged(person) {
    const link = this.all.get(person.peer);
    void link?.run("heal", () => link.tracks?.heal((source) => person.rights.includes(PUBLISH[source])));
  }

  /** Own media or rights changed. */
  sync() {
    for (const link of this.all.values()) void link.sync();
  }

  retune() {
    for (const link of this.all.values()) void link.run("tune", () => link.tracks?.tune(this.#share(link)));
  }

  #share(link) {
    const { media } = this.call;
    const receivers = [...this.all.values()].filter((one) => one.asked && one.pc).length;
    const height = media.videoTrack?.getSettings().height ?? 0;
    return division({ receivers, asked: link.asked, screen: media.screenTrack !== null, height });
  }

  #linkChanged(link) {
    if (link.state === "connected" && !this.#greeted.has(link.pc)) {
      this.#greeted.add(link.pc);
      if (this.#paused.has(link.peer)) this.#ask(link.peer); // a new peer connection sends everything at first
      this.retune();
    }
    void this.#measure(link);
  }

  // --- Reception
  /** Decides anew whose video is received, once what happens together has happened. */
  review() {
    this.#reviewing ??= setTimeout(() => this.#review(), REVIEW_MS);
  }

  /** Tells the senders what changed. */
  #review() {
    this.#reviewing = null;
    const { mirror } = this.call;
    const off = paused({
      people: mirror.people.values(),
      hidden: this.hidden,
      priority: this.priority,
      spotlight: mirror.room.spotlight,
      max: mirror.room.max_video,
    });
    const before = this.#paused;
    this.#paused = off;
    for (const [peer, link] of this.all) {
      if (off.has(peer) === before.has(peer)) continue;
      this.#ask(peer);
      this.call.tell("receiving", { person: link.person, receiving: !off.has(peer) });
    }
  }

  receiving(peer) {
    return !this.#paused.has(peer);
  }

  #ask(peer) {
    const video = this.#paused.has(peer) ? "pause" : "resume";
    this.#told.set(peer, video);
    // Whether it arrived nobody knows then: it is asked again after the resume.
    this.call.request("signal", { to: peer, body: { [OWN]: { video } } }).catch(() => this.#told.get(peer) === video && this.#told.set(peer, "unsure"));
  }

  // --- Over a lost connection to the server
  /** @param {boolean} forgotten whether the server began a new epoch */
  resume(forgotten) {
    for (const link of this.all.values()) void link.resume(forgotten);
    for (const peer of this.all.keys()) {
      const video = this.#paused.has(peer) ? "pause" : "resume";
      if ((this.#told.get(peer) ?? "resume") !== video || (forgotten && video === "pause")) this.#ask(peer);
    }
    this.tend();
  }

  /** After a reload: begins with everybody who has not begun with us meanwhile. */
  startSilent() {
    for (const link of this.all.values()) void link.run("start", () => link.pc?.remoteDescription || link.start());
  }

  tend() {
    for (const link of this.all.values()) link.repair.tend();
  }

  /** @returns {Record<string, number>} to keep over a reload */
  gens() {
    return Object.fromEntries([...this.all].map(([peer, link]) => [peer, link.exchange.gen]));
  }

  /** New time-limited credentials. */
  reconfigure() {
    const configuration = this.call.configuration();
    for (const link of this.all.values()) link.pc?.setConfiguration(configuration);
  }

  // --- Measuring
  #tick() {
    this.tend();
    for (const link of this.all.values()) void this.#measure(link);
  }

  async #measure(link) {
    const { pc } = link;
    if (!pc) return;
    const report = await pc.getStats();
    if (this.all.get(link.peer) !== link || link.pc !== pc) return;
    const now = figures(report.values());
    const before = this.#measured.get(link.peer);
    if (before && now.at - before.figures.at < 500 && before.quality.connection === pc.connectionState) return;
    const graded = quality(now, before?.figures ?? null, pc.connectionState);
    this.#measured.set(link.peer, { quality: graded, figures: now });
    this.call.tell("quality", { person: link.person, quality: graded });
  }

  quality(peer) {
    return this.#measured.get(peer)?.quality ?? unknownQuality();
  }

  figures(peer) {
    return this.#measured.get(peer)?.figures ?? null;
  }

  /** Ends every link; the seat they belonged to is gone. */
  clear() {
    for (const link of this.all.values()) link.close();
    this.all.clear();
    this.#measured.clear();
    this.#told.clear();
  }

  close() {
    clearInterval(this.#timer);
    clearTimeout(this.#reviewing);
    this.clear();
  }
}
