//! One WebSocket: numbered requests with one answer each, pushes in order, and a watchdog on the server's signs of life.

import { ConveneError, disconnected, refusal } from "./error.js";

const OPEN_WITHIN_MS = 10_000;

export class Wire {
  #socket;
  #next = 1;
  /** @type {Map<number, {resolve: Function, reject: Function, now?: (ok: any) => void}>} */
  #pending = new Map();
  #watch = 0;
  #silence = 35_000;
  #done = false;
  /** The most bytes of a frame. */
  longest = 65_536;

  /** @param {string} url @param {{push: (frame: any) => void, closed: (code: number) => void}} hooks */
  constructor(url, hooks) {
    this.hooks = hooks;
    this.#socket = new WebSocket(url);
    this.opened = new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#finish(1006), OPEN_WITHIN_MS);
      this.#socket.onopen = () => {
        clearTimeout(late);
        this.#heard();
        resolve(this);
      };
      this.refuse = () => {
        clearTimeout(late);
        reject(new ConveneError("unreachable", "the server can't be reached"));
      };
    });
    this.opened.catch(() => {});
    this.#socket.onmessage = (event) => this.#frame(event.data);
    this.#socket.onclose = (event) => this.#finish(event.code);
  }

  /** How long the server may be silent, in ms: its heartbeat and some. @param {number} ms */
  set heartbeat(ms) {
    this.#silence = ms + 15_000;
    this.#heard();
  }

  get open() {
    return !this.#done && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends a command. `now` runs with the `ok` before any later frame is read, the promise after.
   *  @param {string} type @param {object} [fields] @param {(ok: any) => void} [now] @returns {Promise<any>} */
  request(type, fields, now) {
    if (!this.open) return Promise.reject(disconnected());
    const id = this.#next++;
    const frame = JSON.stringify({ id, type, ...fields });
    // The server would close for it, and what is resent would close the next socket too.
    if (this.#exceeds(frame)) return Promise.reject(new ConveneError("too_large", `${type} is longer than ${this.longest} bytes`));
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, now }));
    this.#socket.send(frame);
    return answer;
  }

  #exceeds(frame) {
    return frame.length * 3 > this.longest && new TextEncoder().encode(frame).length > this.longest;
  }

  /** Closes and reports `code` at once, without waiting for the other side. @param {number} [code] */
  drop(code = 1006) {
    this.#finish(code);
  }

  #heard() {
    clearTimeout(this.#watch);
    if (!this.#done) this.#watch = setTimeout(() => this.#finish(1006), this.#silence);
  }

  #frame(data) {
    if (this.#done) return;
    this.#heard();
    const frame = JSON.parse(data);
    if (frame.type !== undefined) {
      this.hooks.push(frame);
      return;
    }
    const waiting = this.#pending.get(frame.id);
    if (!waiting) return;
    this.#pending.delete(frame.id);
    if (frame.err) {
      waiting.reject(refusal(frame.err));
      return;
    }
    waiting.now?.(frame.ok);
    waiting.resolve(frame.ok);
  }

  #finish(code) {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#watch);
    this.#socket.onmessage = this.#socket.onclose = this.#socket.onopen = null;
    if (this.#socket.readyState <= WebSocket.OPEN) this.#socket.close(1000);
    this.refuse();
    for (const waiting of this.#pending.values()) waiting.reject(disconnected());
    this.#pending.clear();
    this.hooks.closed(code);
  }
}
