//! What a meeting does: one seat's session, the room's mirror, the links, chat on its way and own media, brought together.

import { describe, Log } from "./diagnostics.js";
import { Flags } from "./flags.js";
import { Missed, readBack } from "./history.js";
import { markOf } from "./ids.js";
import { Links } from "./links.js";
import { Mirror } from "./mirror.js";
import { Outbox } from "./outbox.js";
import { origin } from "./rest.js";
import { Session } from "./session.js";
import { levels, Speaking } from "./speaking.js";
import { claimSeat, dropSeat, forgetRefusedOwner, readOwner, releaseSeat, writeSeat } from "./store.js";

/** Never an epoch of a server: a page without a memory needs the whole room. */
const NOWHERE = "0";
/** Why one is no longer seated, as an ending. */
const LEFT = { left: "left", kicked: "kicked", replaced: "replaced", ended: "room_ended" };
const SILENT = new Set(["selfleft", "roomended"]);

export class Engine {
  state = "connecting";
  ending = null;
  log = new Log();
  mirror = new Mirror();
  #ice = { servers: [], policy: "all" };
  /** Of the last resume: whether the server's memory, or our own, began anew. */
  #since = { forgotten: false, reloaded: false };
  #missed = new Missed(() => this.reader(), (error) => this.#refused("chat_history", error));
  #keep = () => this.keep();
  #stops;

  /** @param {import("../v1.d.ts").JoinOptions} options @param {import("./media.js").LocalMedia} media @param {any} kept
   *  @param {(type: string, detail: object) => void} tell */
  constructor(options, media, kept, tell) {
    this.options = options;
    this.media = media;
    this.kept = kept;
    this.tell = tell;
    const url = `${origin(options.server).replace(/^http/, "ws")}/v1/connect`;
    this.session = new Session(url, kept && { session: kept.session, secret: kept.secret, n: kept.n }, this.#hooks());
    const shared = {
      mirror: this.mirror,
      media,
      tell,
      request: (type, fields) => this.session.request(type, fields),
      refused: (what, error) => this.#refused(what, error),
      online: () => this.session.online,
      can: (right) => this.can(right),
      configuration: () => ({ iceServers: this.#ice.servers, iceTransportPolicy: this.#ice.policy }),
    };
    this.outbox = new Outbox((fields) => shared.request("chat_send", fields), () => this.#unsentChanged());
    this.outbox.restore(kept?.unsent ?? []);
    this.links = new Links(shared);
    this.flags = new Flags(shared);
    this.speaking = new Speaking(() => levels(this.mirror.self, this.media, this.links.all.values()), (peers) => tell("speaking", { peers }));
    this.#stops = [media.on("change", () => this.#ownMediaChanged()), media.on("devices", () => this.flags.tell())];
    addEventListener("pagehide", this.#keep);
  }

  #hooks() {
    return {
      hello: () => (this.options.token ? { token: this.options.token } : {}),
      join: () => this.#joinFields(),
      joinAgain: ({ code }) => !this.options.owner_secret && !this.options.token && forgetRefusedOwner(this.options.room, code),
      position: () => this.#position(),
      joined: (ok, again) => this.#joined(ok, again),
      resumed: (ok) => this.#resumed(ok),
      caughtUp: () => this.#caughtUp(),
      push: (frame) => this.#push(frame),
      state: (state, attempt, restarting = false) => this.#setState(state, attempt, restarting),
      ended: (ending) => this.#ended(ending),
      note: (line) => this.log.note(line),
    };
  }

  can(right) {
    return this.mirror.may(right);
  }

  // --- Sitting down
  #joinFields() {
    const { room, name, avatar, pin, token } = this.options;
    const owner_secret = this.options.owner_secret ?? (token ? null : readOwner(room));
    return { room, profile: { name, ...(avatar && { avatar }) }, media: this.flags.wish(), ...(pin && { pin }), ...(owner_secret && { owner_secret }) };
  }

  #position() {
    const { epoch, seq, lastNo, self } = this.mirror;
    return self ? { epoch, seq, last_no: lastNo } : { epoch: NOWHERE, seq: 0, last_no: this.kept?.last_no ?? 0 };
  }

  #joined(ok, again) {
    this.links.clear();
    this.#since = { forgotten: false, reloaded: false };
    const since = this.mirror.lastNo;
    const told = this.#load(ok);
    for (const person of this.mirror.people.values()) this.links.add(person, { offer: true });
    void claimSeat(ok.session);
    this.#seated("joined", told);
    if (again) this.#missed.read({ reloaded: false, more: (ok.chat?.messages[0]?.no ?? 0) > since, since, after: since });
    this.tell("joined", { again });
  }

  /** @returns {[string, any][]} what to tell; nothing of a first sight, which `joined` tells as a whole */
  #load(whole) {
    const first = this.mirror.self === null;
    const told = this.mirror.load(whole);
    this.#iceCame(whole);
    return first ? [] : told;
  }

  #seated(how, told) {
    this.#follow(told);
    this.keep();
    this.links.review();
    this.flags.told();
    this.outbox.flush(this.mirror.chat.list);
    this.log.note(`${how}, ${this.mirror.people.size} others`);
  }

  #resumed(ok) {
    const { epoch, self } = this.mirror;
    // A loss before the signals were handled leaves what they were for still to do.
    const { forgotten, reloaded } = this.#since;
    this.#since = { forgotten: forgotten || ok.epoch !== epoch, reloaded: reloaded || self === null };
    if (ok.mode === "delta") {
      for (const push of ok.events) this.#push(push);
      this.mirror.at(ok);
      this.#seated("resumed by delta", []);
      this.#missed.goOn();
    } else this.#renew({ ...ok.snapshot, epoch: ok.epoch, seq: ok.seq, last_no: ok.last_no }, "resumed by snapshot");
    if (self === null) this.tell("joined", { again: false });
    else this.tell("resumed", { mode: ok.mode });
  }

  /** The whole room again, in the same seat. */
  #renew(whole, how) {
    const { reloaded } = this.#since;
    const since = reloaded ? (this.kept?.last_no ?? 0) : this.mirror.lastNo;
    const was = whole.epoch === this.mirror.epoch ? this.mirror.self?.media : null;
    const told = this.#load(whole);
    if (was) told.push(...this.flags.mutedSince(was));
    for (const person of this.mirror.people.values()) this.links.add(person, { offer: false, gen: this.kept?.gens?.[person.peer] });
    this.#seated(how, told);
    const after = Math.max(since, whole.chat?.messages.at(-1)?.no ?? 0);
    this.#missed.read({ reloaded, more: whole.chat?.more ?? false, since, after });
  }

  /** The signals that were kept for this seat are handled. */
  #caughtUp() {
    const { forgotten, reloaded } = this.#since;
    this.#since = { forgotten: false, reloaded: false };
    this.links.resume(forgotten);
    if (reloaded) this.links.startSilent();
  }

  /** What reading the history needs. */
  reader() {
    return { mirror: this.mirror, request: (type, fields) => this.session.request(type, fields), tell: (told) => this.#follow(told) };
  }

  /** @param {number} limit */
  loadEarlier(limit) {
    return readBack(this.reader(), limit);
  }

  // --- Being told
  #push(frame) {
    switch (frame.type) {
      case "heartbeat":
        if (frame.epoch !== this.mirror.epoch || frame.seq > this.mirror.seq) this.session.resync("missed pushes");
        return;
      case "ice_servers":
        this.#iceCame(frame);
        this.links.reconfigure();
        return;
      case "room_restarted":
        this.#renew({ epoch: frame.epoch, seq: frame.seq, ...frame.snapshot }, "room restarted");
        this.links.resume(true);
        return;
    }
    if (this.links.handle(frame)) return;
    const told = this.mirror.apply(frame);
    if (told === "gap") this.session.resync("another epoch");
    else if (told !== "known") this.#follow(told);
  }

  #iceCame({ ice_servers, ice_policy }) {
    if (!ice_servers) return;
    const servers = ice_servers.map(({ urls, username, credential }) => ({ urls, ...(username && { username, credential }) }));
    this.#ice = { servers, policy: ice_policy ?? "all" };
  }

  #follow(told) {
    for (const [type, detail] of told) {
      this.#act(type, detail);
      if (!SILENT.has(type)) this.tell(type, detail);
    }
  }

  /** What the meeting itself does about what happened. */
  #act(type, detail) {
    const { person } = detail;
    switch (type) {
      case "peer":
        this.links.add(person, { offer: false });
        return this.links.review();
      case "peerleft":
        this.links.remove(person.peer);
        return this.links.review();
      case "change":
        if (person === this.mirror.self) return;
        if (detail.what.includes("media")) this.links.review();
        if (detail.what.includes("state")) this.links.tend();
        return;
      case "rights":
        return person === this.mirror.self ? this.#rightsChanged() : this.links.rightsChanged(person);
      case "room":
        this.links.review();
        return this.#rightsChanged();
      case "muted":
        if (detail.self) void this.flags.off(detail.source);
        return;
      case "roomended":
        return this.session.finish({ reason: "room_ended", by: detail.by });
      case "selfleft":
        if (LEFT[detail.reason]) this.session.finish({ reason: LEFT[detail.reason] });
    }
  }

  #rightsChanged() {
    this.flags.obey();
    this.links.sync();
  }

  #ownMediaChanged() {
    this.links.sync();
    this.flags.tell();
    const person = this.mirror.self;
    if (person) this.tell("change", { person, what: ["media"] });
  }

  #refused(what, error) {
    if (error.code === "disconnected" || error.name === "AbortError") return;
    this.log.note(`${what} refused: ${error.code ?? error.name}`);
    this.tell("refused", { what, error });
  }

  #setState(state, attempt, restarting) {
    if (this.state === "ended") return;
    this.state = state;
    this.log.note(`state ${state}${attempt > 0 ? `, attempt ${attempt}` : ""}`);
    this.tell("state", { state, ending: this.ending, attempt, restarting });
  }

  #unsentChanged() {
    this.keep();
    this.tell("unsent", { unsent: this.outbox.list });
  }

  /** Writes down what a reload of this tab comes back to. */
  keep() {
    const { seat } = this.session;
    const { self, lastNo } = this.mirror;
    if (!seat || !self || this.state === "ended") return;
    const { audio, video } = this.media;
    const { name, avatar } = self;
    const gens = { ...this.kept?.gens, ...this.links.gens() };
    const as = markOf(this.options.token);
    writeSeat(this.options.room, { ...seat, as, last_no: lastNo, name, avatar, audio, video, gens, unsent: this.outbox.list });
  }

  // --- The end
  #ended(ending) {
    this.close(); // what is told to have failed writes the seat down once more
    dropSeat(this.options.room);
    if (this.mirror.self) this.media.close();
    this.ending = ending;
    this.#setState("ended", 0);
  }

  /** Lets go of everything but the devices. */
  close() {
    removeEventListener("pagehide", this.#keep);
    for (const stop of this.#stops) stop();
    this.links.close();
    this.speaking.close();
    this.outbox.fail();
    for (const seat of [this.kept, this.session.seat]) releaseSeat(seat?.session);
  }

  /** @param {any} meeting */
  describe(meeting) {
    return describe(meeting, this.links, this.log);
  }
}
