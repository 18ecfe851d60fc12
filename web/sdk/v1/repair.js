//! Watches over one link: restarts ICE after a failure, asks again where an answer stays out, begins anew as the last resort.

const ASK_FIRST_MS = 5_000;
const AGAIN_MS = 12_000;
const NO_ANSWER_MS = 15_000;
const NO_OFFER_MS = 10_000;
const RESTARTS_BEFORE_ANEW = 5;

export class Repair {
  #failed = false;
  #asked = false;
  #restarts = 0;
  #last = 0;
  #offeredAt = 0;
  #since;

  /** @param {import("./link.js").Link} link @param {() => number} [now] ms */
  constructor(link, now = () => performance.now()) {
    this.link = link;
    this.now = now;
    this.#since = now();
  }

  /** An own offer went out. */
  offered() {
    this.#offeredAt = this.now();
  }

  stateChanged() {
    const { state } = this.link;
    if (state === "connected") {
      this.#failed = this.#asked = false;
      this.#restarts = 0;
    }
    if (state !== "failed") return;
    if (!this.#failed) this.#last = this.now();
    this.#failed = true;
    this.tend();
  }

  get #reachable() {
    return this.link.call.online() && this.link.person.state === "here";
  }

  /** Looks after the link; called now and then, and on every change that may help. */
  tend() {
    if (!this.#reachable) return;
    if (this.#failed) this.#mend();
    else this.#prompt();
  }

  /** One side restarts; the polite one asks the other for it and does it itself only when nothing comes. */
  #mend() {
    const waited = this.now() - this.#last;
    const { link } = this;
    if (link.polite && !this.#asked) {
      this.#asked = true;
      link.call.request("ice_restart", { to: link.peer }).catch(() => (this.#asked = false));
      return;
    }
    const patience = this.#restarts > 0 ? AGAIN_MS : link.polite ? ASK_FIRST_MS : 0;
    if (waited >= patience) link.run("restart", () => this.restart());
  }

  restart() {
    this.#last = this.now();
    if (this.#failed) this.#restarts += 1;
    const { link } = this;
    if (link.exchange.out && this.#restarts < RESTARTS_BEFORE_ANEW) {
      if (link.exchange.out.acked && this.now() - this.#offeredAt > NO_ANSWER_MS) link.reoffer();
      return;
    }
    if (this.#restarts < RESTARTS_BEFORE_ANEW && link.pc) {
      link.pc.restartIce();
      return;
    }
    this.#restarts = 1;
    link.start();
  }

  /** Where the other side owes us a frame for long, ours or its was lost. */
  #prompt() {
    const { exchange } = this.link;
    if (exchange.out?.acked && this.now() - this.#offeredAt > NO_ANSWER_MS) this.link.reoffer();
    else if (this.#silent && this.now() - this.#since > NO_OFFER_MS) {
      this.#since = this.now();
      // Behind what is under way: a description that is just being taken in would be lost with its peer connection, and never end.
      this.link.run("start", () => this.#silent && this.link.start());
    }
  }

  get #silent() {
    return !this.link.exchange.out && !this.link.pc?.remoteDescription;
  }
}
