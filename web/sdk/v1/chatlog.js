//! The chat as this client knows it: each message once, in the room's order, whatever way it came; pure.

/** @param {any} a @param {any} b */
function inOrder(a, b) {
  if (a.no !== null && b.no !== null) return a.no - b.no;
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.message < b.message ? -1 : a.message > b.message ? 1 : 0;
}

export class ChatLog {
  /** @type {any[]} oldest first */
  list = [];
  #byId = new Map();
  /** Whether the server has older ones. */
  more = false;
  /** From where on all is known, if older ones are known here and there. @type {number | null} */
  floor = null;

  get(id) {
    return this.#byId.get(id);
  }

  /** Takes a message in. @param {any} message @returns {"new" | "changed" | "same"} */
  add(message) {
    const known = this.#byId.get(message.message);
    if (known) return this.#renew(known, message);
    const mine = { ...message, reactions: { ...message.reactions } };
    this.#byId.set(mine.message, mine);
    let at = this.list.length;
    while (at > 0 && inOrder(mine, this.list[at - 1]) < 0) at -= 1;
    this.list.splice(at, 0, mine);
    return "new";
  }

  /** Tells of a message whether it stands behind all that are known now. @returns {(message: any) => boolean} */
  after() {
    const last = this.list.at(-1);
    return (message) => !last || inOrder(message, last) > 0;
  }

  #renew(known, message) {
    if (JSON.stringify({ ...known, ...message }) === JSON.stringify(known)) return "same";
    Object.assign(known, message);
    return "changed";
  }

  /** @returns {any | null} the changed message */
  edit({ message, text, edited_at }) {
    const known = this.#byId.get(message);
    if (!known) return null;
    return Object.assign(known, { text, edited_at });
  }

  delete({ message }) {
    const known = this.#byId.get(message);
    if (!known) return null;
    return Object.assign(known, { text: "", deleted: true, reactions: {} });
  }

  react({ message, peer, emoji, on }) {
    const known = this.#byId.get(message);
    if (!known) return null;
    const others = (known.reactions[emoji] ?? []).filter((one) => one !== peer);
    const now = on ? [...others, peer] : others;
    const { [emoji]: _, ...rest } = known.reactions;
    known.reactions = now.length > 0 ? { ...rest, [emoji]: now } : rest;
    return known;
  }

  /** The numbers of an ephemeral room begin anew with its epoch: those known are of no use any more. */
  unnumber() {
    this.floor = null;
    for (const message of this.list) message.no = null;
  }

  /** The `no` from which to read back: of the oldest message behind which none is missing. @returns {number | null} */
  get firstNo() {
    return this.floor ?? this.list.find(({ no }) => no !== null)?.no ?? null;
  }
}
