//! Chat on its way: what isn't acknowledged is sent again under the same client id, which the server lets act once; pure but for `send`.

import { ConveneError } from "./error.js";

export class Outbox {
  /** @type {{client_id: string, text: string, to: string | null, reply_to: string | null}[]} */
  #unsent = [];
  /** @type {Map<string, {resolve: Function, reject: Function}>} */
  #waiting = new Map();

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
    void this.#try(entry);
    return answer;
  }

  /** After a reconnect: everything again, in order, but for what is in the room already (a fresh seat is another author, whose retry would be
   *  a second message). @param {readonly any[]} shown */
  flush(shown) {
    const known = new Map(shown.filter((one) => one.client_id).map((one) => [one.client_id, one]));
    for (const { client_id } of this.#unsent) {
      if (known.has(client_id)) this.#settle(client_id, "resolve", known.get(client_id));
    }
    for (const entry of this.#unsent) void this.#try(entry);
  }

  /** At the end nothing more will be acknowledged. */
  fail() {
    const left = this.#unsent;
    for (const { client_id } of left) {
      this.#settle(client_id, "reject", new ConveneError("disconnected", "the meeting ended before this was acknowledged", { client_id }));
    }
  }

  async #try(entry) {
    const { client_id, text, to, reply_to } = entry;
    try {
      const ok = await this.send({ client_id, text, ...(to && { to }), ...(reply_to && { reply_to }) });
      this.#settle(client_id, "resolve", ok);
    } catch (error) {
      if (error.code === "disconnected") return; // flush sends it again
      this.#settle(client_id, "reject", Object.assign(error, { client_id }));
    }
  }

  #settle(client_id, how, value) {
    this.#unsent = this.#unsent.filter((one) => one.client_id !== client_id);
    const waiting = this.#waiting.get(client_id);
    this.#waiting.delete(client_id);
    waiting?.[how](value);
    this.changed();
  }
}
