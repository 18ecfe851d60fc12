//! One peer connection to one person: perfect negotiation by generations, trickled candidates, ICE restart, everything in one order.

import { Exchange } from "./exchange.js";
import { Tracks } from "./tracks.js";
import { Received } from "./received.js";
import { Repair } from "./repair.js";
import { begunAnew, candidateFits } from "./sdp.js";

export class Link {
  /** @type {RTCPeerConnection | null} */ pc = null;
  /** @type {Tracks | null} */ tracks = null;
  received;
  /** Whether the other side wants our video. */
  asked = true;
  exchange;
  #chain = Promise.resolve();
  #held = [];
  #early = [];
  #describing = false;
  #wanted = false;
  #lost = { answer: null, candidates: [] };
  #closed = false;

  /** @param {any} person @param {any} call what the meeting gives all links @param {number} [gen] the pair's last known generation */
  constructor(person, call, gen = 0) {
    this.person = person;
    this.peer = person.peer;
    this.call = call;
    this.exchange = new Exchange(gen);
    this.repair = new Repair(this);
    this.received = new Received((source, track, stream) => call.trackCame(this, source, track, stream), (source, track) => call.trackWent(this, source, track));
  }

  /** Whether we yield in a glare. A restarted server may order its people anew. */
  get polite() {
    return this.person.polite === true;
  }

  get state() {
    return this.pc?.connectionState ?? "new";
  }

  /** Makes a new peer connection and offers it. */
  start() {
    this.#renew();
    this.tracks?.open();
    void this.sync();
  }

  /** A new, silent peer connection in the place of the old. */
  #renew() {
    this.#shut();
    this.exchange.withdraw(); // it was of the old one
    if (this.#closed) return;
    const pc = new RTCPeerConnection(this.call.configuration());
    this.pc = pc;
    this.tracks = new Tracks(pc, this.call);
    this.asked = true;
    const mine = (/** @type {Function} */ act) => (/** @type {any} */ event) => pc === this.pc && act(event);
    pc.onnegotiationneeded = mine(() => this.run("offer", () => this.#negotiate()));
    pc.onicecandidate = mine(({ candidate }) => this.#gathered(candidate));
    pc.ontrack = mine(({ transceiver, track }) => this.received.add(this.tracks.source(transceiver), track));
    pc.onconnectionstatechange = mine(() => {
      this.repair.stateChanged();
      this.call.linkChanged(this);
    });
  }

  #shut() {
    this.pc?.close();
    this.pc = null;
    this.#held = [];
    this.#early = [];
    this.received.prune(new Set());
  }

  close() {
    this.#closed = true;
    this.exchange.withdraw();
    this.#shut();
  }

  /** Runs one step after all earlier ones. @param {string} what @param {() => any} step */
  run(what, step) {
    this.#chain = this.#chain.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        this.call.refused(what, error);
      }
    });
    return this.#chain;
  }

  /** Brings what is sent to what media and rights are now. */
  sync() {
    return this.run("sync", async () => {
      await this.tracks?.sync();
      await this.tracks?.tune(this.call.share(this));
    });
  }

  // --- Own offers
  /** Offers once the connection to the server allows it. */
  async #negotiate() {
    if (!this.pc) return;
    this.#wanted = !this.call.online() || this.exchange.out !== null || this.pc.signalingState !== "stable";
    if (this.#wanted) return;
    this.#describing = true;
    try {
      await this.pc.setLocalDescription();
      this.#offer(this.exchange.offer());
    } finally {
      this.#described();
    }
  }

  #offer(out) {
    this.repair.offered();
    const description = { to: this.peer, gen: out.gen, sdp: this.pc.localDescription.sdp, sources: this.tracks.sources() };
    this.call.request("offer", description).then(
      () => (out.acked = true),
      (error) => this.run("offer", () => this.#offerRefused(out, error)),
    );
  }

  async #offerRefused(out, error) {
    if (this.exchange.out !== out) return;
    switch (error.code) {
      case "disconnected":
        out.lost = true;
        return;
      case "stale_generation": {
        const again = this.exchange.stale(error.gen);
        if (again) this.#offer(again);
        return;
      }
      case "glare":
        await this.#yield();
        return;
      case "no_such_target":
        if (this.person.link !== "one") break;
        return this.call.unlinked(this); // it has its one link with somebody else
      case "rate_limited":
      case "busy":
      case "unavailable":
        setTimeout(() => this.run("offer", () => this.exchange.out === out && this.#offer(out)), error.retry_after_ms ?? 2000);
        return;
    }
    await this.#yield();
    this.call.refused("offer", error);
  }

  /** The same offer under a new number: its answer can't come any more. */
  reoffer() {
    return this.run("offer", () => {
      if (this.exchange.out) this.#offer(this.exchange.offer());
    });
  }

  /** Withdraws the own offer. */
  async #yield() {
    this.exchange.withdraw();
    if (this.pc?.signalingState !== "have-local-offer") return;
    if (this.pc.remoteDescription) await this.pc.setLocalDescription({ type: "rollback" });
    else this.#renew(); // lines of a first offer would stay behind
  }

  // --- What comes
  /** @param {any} push offer, answer, candidate, end_of_candidates or renegotiate */
  handle(push) {
    switch (push.type) {
      case "offer":
        return this.run("offer", () => this.#offered(push));
      case "answer":
        return this.run("answer", () => this.#answered(push));
      case "candidate":
        return this.run("candidate", () => this.#candidate(push.gen, push.candidate));
      case "end_of_candidates":
        return this.run("candidate", () => this.#candidate(push.gen, null));
      case "renegotiate":
        return this.run("restart", () => this.repair.restart());
    }
  }

  async #offered({ gen, sdp, sources }) {
    const fresh = begunAnew(this.pc, sdp);
    if (this.exchange.judge(gen, { polite: this.polite, fresh }) === "ignore") return;
    if (!this.pc || fresh) this.#renew();
    else if (this.pc.signalingState === "have-local-offer") await this.pc.setLocalDescription({ type: "rollback" });
    this.exchange.accept(gen);
    this.#held = [];
    await this.#take({ type: "offer", sdp }, sources);
    this.tracks.adopt();
    await this.tracks.sync();
    this.#describing = true;
    try {
      await this.pc.setLocalDescription();
      this.#answer({ to: this.peer, gen, sdp: this.pc.localDescription.sdp, sources: this.tracks.sources() });
    } finally {
      this.#described();
    }
    await this.#settled();
  }

  async #take(description, sources) {
    this.tracks.name(sources);
    try {
      await this.pc.setRemoteDescription(description);
    } catch (error) {
      if (description.type !== "offer") throw error;
      this.#renew(); // it doesn't continue what we have
      this.tracks.name(sources);
      await this.pc.setRemoteDescription(description);
    }
  }

  #answer(answer) {
    this.call.request("answer", answer).catch((error) => {
      if (error.code === "disconnected") this.#lost.answer = answer;
      else if (error.code !== "stale_generation") this.call.refused("answer", error);
    });
  }

  async #answered({ gen, sdp, sources }) {
    if (!this.pc || this.exchange.out?.gen !== gen || this.pc.signalingState !== "have-local-offer") return;
    if (this.pc.remoteDescription && begunAnew(this.pc, sdp)) {
      this.exchange.withdraw();
      this.start(); // the other side lost what this offer continued
      return;
    }
    this.exchange.answered(gen);
    await this.#take({ type: "answer", sdp }, sources);
    await this.#settled();
  }

  async #settled() {
    for (const candidate of this.#held.splice(0)) await this.#add(candidate);
    this.received.prune(this.tracks.receiving());
    await this.tracks.tune(this.call.share(this));
    this.call.linkChanged(this);
  }

  // --- Candidates
  async #candidate(gen, candidate) {
    const place = this.exchange.candidate(gen);
    if (place === "later") this.#held.push(candidate);
    if (place === "now") await this.#add(candidate);
  }

  async #add(candidate) {
    if (!this.pc?.remoteDescription || !candidateFits(this.pc.remoteDescription.sdp, candidate)) return;
    await this.pc.addIceCandidate(candidate ?? undefined);
  }

  #gathered(candidate) {
    const found = candidate === null ? null : candidate.toJSON();
    if (found?.candidate === "") return; // end of one generation; null says it for all
    if (this.#describing) this.#early.push(found);
    else this.#trickle(this.exchange.gen, found);
  }

  #described() {
    this.#describing = false;
    for (const found of this.#early.splice(0)) this.#trickle(this.exchange.gen, found);
  }

  #trickle(gen, candidate) {
    const fields = candidate ? { to: this.peer, gen, candidate } : { to: this.peer, gen };
    this.call.request(candidate ? "candidate" : "end_of_candidates", fields).catch((error) => {
      if (error.code === "disconnected") this.#lost.candidates.push({ gen, candidate });
      else if (error.code === "rate_limited") setTimeout(() => gen === this.exchange.gen && this.#trickle(gen, candidate), error.retry_after_ms ?? 1000);
    });
  }

  // --- The connection to the server
  /** Back on a socket, with the signals that were kept for us handled: says again what may not have arrived.
   *  @param {boolean} forgotten whether the server began a new epoch, so that what it acknowledged may be lost too */
  resume(forgotten) {
    return this.run("resume", () => {
      const { answer, candidates } = this.#lost;
      this.#lost = { answer: null, candidates: [] };
      if (answer && answer.gen === this.exchange.gen) this.#answer(answer);
      for (const { gen, candidate } of candidates) {
        if (gen === this.exchange.gen) this.#trickle(gen, candidate);
      }
      const { out } = this.exchange;
      if (out && (out.lost || forgotten)) this.#offer(this.exchange.offer());
      else if (this.#wanted) return this.#negotiate();
    });
  }
}
