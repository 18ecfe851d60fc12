//! The life of one seat over as many sockets as it takes: hello and join, resume, backoff, obeying close codes.

import { afterClose, afterRefusedResume, delay } from "./backoff.js";
import { ConveneError, isPassing } from "./error.js";
import { Wire } from "./wire.js";

const PROTOCOL = 1;
const DRAINING = 4000;
/** How long a reloaded page waits for a server that is away, before `join` fails. */
const RELOAD_PATIENCE_MS = 30_000;
/** How long after an announced end its close may take: a commit of 5 s and some. */
const CLOSE_WITHIN_MS = 7_000;
/** How long leaving waits for a server that may be out of reach: devices are on until then. */
const LEAVE_WITHIN_MS = 2_000;

export class Session {
  /** @type {Wire | null} */ #wire = null;
  /** @type {{session: string, secret: string, n: number} | null} */ seat;
  #longest = 65_536;
  #heartbeat = 20_000;
  #seated = false;
  #attempt = 0;
  #timer = 0;
  #ended = false;
  /** Announced, with its close still to come. @type {object | null} */ #ending = null;
  #lostAt = 0;
  /** Whether the server said goodbye because it restarts. */
  #restarting = false;
  /** @type {{resolve: Function, reject: Function} | null} */ #first = null;
  #online = () => this.#wake(true);
  #visible = () => document.visibilityState === "visible" && this.#wake(false);

  /** @param {string} url
   *  @param {{session: string, secret: string, n: number} | null} seat one to come back to
   *  @param {{hello?(): object, join(): object, joinAgain(error: {code: string}): boolean, position(): object, joined(ok: any, again: boolean): void, resumed(ok: any): void, caughtUp(): void,
   *    push(frame: any): void, state(state: string, attempt: number, restarting?: boolean): void, ended(ending: object): void, note(line: string): void}} hooks */
  constructor(url, seat, hooks) {
    this.url = url;
    this.seat = seat;
    this.hooks = hooks;
  }

  /** Resolves when seated; rejects with the refusal. Afterwards it lives on by itself until the end. */
  open() {
    addEventListener("online", this.#online);
    document.addEventListener("visibilitychange", this.#visible);
    this.#lostAt = performance.now();
    const opened = new Promise((resolve, reject) => (this.#first = { resolve, reject }));
    this.hooks.state("connecting", 0);
    this.#connect();
    return opened;
  }

  get online() {
    return this.#seated && this.#wire !== null && this.#wire.open;
  }

  /** @param {string} type @param {object} [fields] */
  request(type, fields) {
    if (!this.online) return Promise.reject(new ConveneError("disconnected", "there is no connection to the server now"));
    return this.#wire.request(type, fields);
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#seated = false;
    const wire = new Wire(this.url, {
      push: (frame) => wire === this.#wire && this.#push(frame),
      closed: (code) => wire === this.#wire && this.#closed(code),
    });
    this.#wire = wire;
    void this.#sit(wire);
  }

  async #sit(wire) {
    try {
      await wire.opened;
      wire.heartbeat = this.#heartbeat;
      wire.longest = this.#longest;
      if (this.seat) await this.#resume(wire);
      else await this.#join(wire);
    } catch (error) {
      if (wire === this.#wire && wire.open && !this.#ended) this.#refused(error);
    }
  }

  async #join(wire) {
    const welcome = await wire.request("hello", { protocol: PROTOCOL, features: [], ...this.hooks.hello?.() });
    this.#longest = welcome.limits?.frame_bytes ?? this.#longest;
    wire.longest = this.#longest;
    this.#heartbeat = welcome.heartbeat_ms ?? this.#heartbeat;
    wire.heartbeat = this.#heartbeat;
    await wire.request("join", this.hooks.join(), (ok) => {
      const again = this.#first === null;
      this.#sat(ok);
      this.hooks.joined(ok, again);
      this.#here();
    });
  }

  async #resume(wire) {
    const { session, secret } = this.seat;
    await wire.request("resume", { session, secret, ...this.hooks.position() }, (ok) => {
      this.#sat(ok);
      this.hooks.resumed(ok);
      this.#here();
    });
    // Its answer comes behind the signals that were kept for this seat.
    await wire.request("resumed_ok", { n: this.seat.n });
    this.hooks.caughtUp();
  }

  #sat({ session, secret, n }) {
    this.seat = { session, secret, n };
    this.#attempt = 0;
    this.#seated = true;
  }

  #here() {
    this.hooks.state("connected", 0);
    this.#first?.resolve();
    this.#first = null;
  }

  #push(frame) {
    if (this.#seated) this.hooks.push(frame);
  }

  /** What was missed is fetched by a resume. @param {string} why */
  resync(why) {
    this.hooks.note(`resync: ${why}`);
    this.#wire?.drop();
  }

  #closed(code) {
    if (this.#ended) return;
    this.hooks.note(`socket closed ${code}`);
    if (this.#seated) this.#lostAt = performance.now();
    this.#restarting = code === DRAINING || (this.#restarting && !this.#seated);
    this.#seated = false;
    const next = afterClose(code);
    const ending = this.#ending ?? (next.then === "end" ? { reason: next.reason } : null);
    if (ending) {
      this.#end(ending);
      return;
    }
    if (next.then === "join") this.seat = null;
    this.#again();
  }

  /** Tries again after a while. */
  #again() {
    const patience = this.seat ? RELOAD_PATIENCE_MS : 0;
    if (this.#first && performance.now() - this.#lostAt >= patience) {
      this.#fail(new ConveneError("unreachable", "the server can't be reached"));
      return;
    }
    if (!this.#first) this.hooks.state("reconnecting", this.#attempt + 1, this.#restarting);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delay(this.#attempt));
    this.#attempt += 1;
  }

  #refused(error) {
    this.hooks.note(`refused: ${error.code}`);
    this.#letGo();
    if (this.seat) this.#resumeRefused(error);
    else this.#joinRefused(error);
  }

  #resumeRefused(error) {
    const next = afterRefusedResume(error.code);
    if (next.then === "end") this.#end({ reason: next.reason, code: error.code, message: error.message });
    else if (next.then === "again") this.#again();
    else {
      this.seat = null;
      this.#connect();
    }
  }

  #joinRefused(error) {
    if (this.hooks.joinAgain(error)) this.#connect();
    else if (this.#first) this.#fail(error);
    else if (isPassing(error)) this.#again();
    else this.#end({ reason: "refused", code: error.code, message: error.message });
  }

  /** Closes the socket without hearing of it. */
  #letGo() {
    const wire = this.#wire;
    this.#wire = null;
    wire?.drop(1000);
  }

  /** A good moment to try at once. */
  #wake(networkChanged) {
    if (this.#ended) return;
    if (!this.#seated && !this.#wire?.open) {
      this.#attempt = 0;
      this.#letGo();
      this.#connect();
    } else if (networkChanged && this.#seated) this.resync("the network changed");
  }

  #fail(error) {
    const first = this.#first;
    this.#stop();
    first?.reject(error);
  }

  #end(ending) {
    const first = this.#first;
    this.#stop();
    this.hooks.ended(ending);
    first?.reject(new ConveneError(ending.code ?? "ended", ending.message ?? ending.reason));
  }

  #stop() {
    this.#ended = true;
    this.#first = null;
    clearTimeout(this.#timer);
    removeEventListener("online", this.#online);
    document.removeEventListener("visibilitychange", this.#visible);
    this.#seated = false;
    this.#letGo();
  }

  /** Gives the seat up. */
  async leave() {
    const patience = new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS));
    if (this.online) await Promise.race([this.#wire.request("leave").catch(() => {}), patience]);
    if (!this.#ended) this.#end(this.#ending ?? { reason: "left" });
  }

  /** An end that came as a push: the close follows, behind the answers that are still due.
   *  @param {{reason: string, by?: string | null}} ending */
  finish(ending) {
    if (this.#ended || this.#ending) return;
    this.#ending = ending;
    this.#timer = setTimeout(() => this.#end(ending), CLOSE_WITHIN_MS);
  }
}
