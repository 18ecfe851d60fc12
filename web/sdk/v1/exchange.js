//! The algebra of one pair's negotiations: generations, glare, what is stale; pure, knows no peer connection.

export class Exchange {
  /** The highest generation known of this pair. */
  gen;
  /** Own offer that waits for its answer. @type {{gen: number, acked: boolean, lost: boolean} | null} */
  out = null;
  #answered = -1;

  /** @param {number} [gen] */
  constructor(gen = 0) {
    this.gen = gen;
  }

  /** Begins an own offer. @returns {{gen: number, acked: boolean, lost: boolean}} */
  offer() {
    this.gen += 1;
    this.out = { gen: this.gen, acked: false, lost: false };
    return this.out;
  }

  /** What to do with an offer that came. `fresh`: it is of another peer connection than the one we know, so the other side began anew.
   *  @param {number} gen @param {{polite: boolean, fresh: boolean}} about @returns {"accept" | "ignore"} */
  judge(gen, { polite, fresh }) {
    if (this.out && gen === this.out.gen) return polite ? "accept" : "ignore";
    if (gen > this.gen) return "accept";
    if (gen === this.gen) return gen === this.#answered ? "ignore" : "accept";
    // A server that forgot the pair's numbers passes the low ones of a page that forgot them too.
    return fresh && !this.out ? "accept" : "ignore";
  }

  /** An offer is being answered; an own one is given up. @param {number} gen */
  accept(gen) {
    this.gen = gen;
    this.out = null;
    this.#answered = gen;
  }

  /** Whether an answer belongs to the own offer; then it is settled. @param {number} gen */
  answered(gen) {
    if (this.out?.gen !== gen) return false;
    this.out = null;
    return true;
  }

  /** Where a candidate belongs: to the description in force, to one whose answer is still on its way, or nowhere. @param {number} gen
   *  @returns {"now" | "later" | "drop"} */
  candidate(gen) {
    if (gen !== this.gen) return "drop";
    return this.out ? "later" : "now";
  }

  /** The own offer was refused as stale. @param {number} known the server's generation
   *  @returns {{gen: number, acked: boolean, lost: boolean} | null} the offer under a number that is news, if it still stands */
  stale(known) {
    this.gen = Math.max(this.gen, known);
    return this.out ? this.offer() : null;
  }

  /** The own offer is withdrawn (glare, a refusal). */
  withdraw() {
    this.out = null;
  }
}
