//! Chat on its way: what isn't acknowledged is sent again under the same client id, which the server lets act once; pure but for `send`.

import { ConveneError } from "./error.js";

/** Refusals of having sent too much at once. */
const SOON = new Set(["rate_limited", "busy"]);
const AGAIN_MS = 1_000;

export class Outbox {
  /** @type {{client_id: string, text: string, to: string | null, reply_to: string | null}[]} */
  #unsent = [];
  /** @type {Map<string, {resolve: Function, reject: Function}>} */
  #waiting = new Map();
  /** The latest sending of all that waited; 0 while none is under way. */
  #turn = 0;
  #turns = 0;

  /** @param {(fields: object) => Promise<any>} send one `chat_send` over the socket
   *  @param {() => void} changed */
  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
  }

  get list() {
    return this.#unsent;
  }

  /** Takes over what an earlier page of this tab didn't get acknowledged. */
  restore(list) {
    this.#unsent = [...list, ...this.#unsent];
  }

  /** @param {{client_id: string, text: string, to: string | null, reply_to: string | null}} entry @returns {Promise<any>} */
  add(entry) {
    const answer = new Promise((resolve, reject) => this.#waiting.set(entry.client_id, { resolve, reject }));
    this.#unsent = [...this.#unsent, entry];
    this.changed();
    if (this.#turn === 0) void this.#try(entry);
    return answer;
  }

  /** After a reconnect: everything again, in order, but for what is in the room already (a fresh seat is another author, whose retry would be
   *  a second message). @param {readonly any[]} shown */
  flush(shown) {
    const known = new Map(shown.filter((one) => one.client_id).map((one) => [one.client_id, one]));
    for (const { client_id } of this.#unsent) {
      if (known.has(client_id)) this.#settle(client_id, "resolve", known.get(client_id));
    }
    void this.#drain();
  }

  /** One after the other, so that what the server is too busy for keeps its place. */
  async #drain() {
    const turn = (this.#turn = this.#turns += 1);
    while (turn === this.#turn && this.#unsent.length > 0) {
      const wait = await this.#try(this.#unsent[0], true);
      if (wait === null) break;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    if (turn === this.#turn) this.#turn = 0;
  }

  /** At the end nothing more will be acknowledged. */
  fail() {
    this.#turn = 0;
    const left = this.#unsent;
    for (const { client_id } of left) {
      this.#settle(client_id, "reject", new ConveneError("disconnected", "the meeting ended before this was acknowledged", { client_id }));
    }
  }

  /** @param {any} entry @param {boolean} [patient] whether to come again where the server asks to
   *  @returns {Promise<number | null>} after how many ms to go on; null: not on this socket */
  async #try(entry, patient = false) {
    const { client_id, text, to, reply_to } = entry;
    try {
      const ok = await this.send({ client_id, text, ...(to && { to }), ...(reply_to && { reply_to }) });
      this.#settle(client_id, "resolve", ok);
    } catch (error) {
      if (error.code === "disconnected") return null; // flush sends it again
      if (patient && SOON.has(error.code)) return error.retry_after_ms ?? AGAIN_MS;
      this.#settle(client_id, "reject", Object.assign(error, { client_id }));
    }
    return 0;
  }

  #settle(client_id, how, value) {
    this.#unsent = this.#unsent.filter((one) => one.client_id !== client_id);
    const waiting = this.#waiting.get(client_id);
    this.#waiting.delete(client_id);
    waiting?.[how](value);
    this.changed();
  }
}
