//! Whether a token is good, and whose it is: asked of the server when a page starts the library.

import { delay } from "../sdk/v1/backoff.js";

const { MESIBO_STATUS_ONLINE: ONLINE, MESIBO_STATUS_AUTHFAIL: AUTHFAIL, MESIBO_STATUS_STOPPED: STOPPED } = globalThis;
const { MESIBO_STATUS_CONNECTING: CONNECTING, MESIBO_STATUS_CONNECTFAILURE: CONNECTFAILURE } = globalThis;

/** Tells a listener of a page; what goes wrong there stays there. */
export function tell(listener, name, ...said) {
  try {
    listener?.[name]?.(...said);
  } catch (error) {
    console.error(`mesibo.js: the page's ${name} failed`, error);
  }
}

export class Door {
  #open = false;
  #let;
  /** Once the token has been found good: whose it is. @type {Promise<void>} */
  entered = new Promise((resolve) => (this.#let = resolve));

  constructor(account) {
    this.account = account;
    account.entered = this.entered;
    account.tellStatus = (status) => this.tellStatus(status);
  }

  /** Tells the page in which state its connection is, if that is new. */
  tellStatus(status) {
    const { account } = this;
    if (account.status === status) return;
    account.status = status;
    tell(account.listener, "Mesibo_OnConnectionStatus", status, 0);
  }

  /** Asks until there is an answer. */
  async open() {
    if (this.#open) return;
    this.#open = true;
    this.tellStatus(CONNECTING);
    for (let attempt = 0; this.#open; attempt += 1) {
      const answer = await this.#ask().catch(() => null);
      if (!this.#open) return;
      if (answer?.result === "OK") {
        this.account.name = answer.name ?? "";
        this.tellStatus(ONLINE);
        this.#let();
        return;
      }
      if (answer?.error === "AUTHFAIL") {
        this.#open = false;
        this.tellStatus(AUTHFAIL);
        return;
      }
      this.tellStatus(CONNECTFAILURE);
      await new Promise((resolve) => setTimeout(resolve, delay(attempt)));
    }
  }

  async #ask() {
    const { home, token } = this.account;
    const body = new URLSearchParams({ op: "profile", token });
    const response = await fetch(new URL("../api.php", home), { method: "POST", body, credentials: "omit" });
    return response.json();
  }

  close() {
    this.#open = false;
    this.tellStatus(STOPPED);
  }
}
