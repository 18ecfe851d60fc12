//! Reading the chat's history: further back at wish, and what a resume left out.

const PAGE = 100;

/** @typedef {{mirror: import("./mirror.js").Mirror, request: (type: string, fields: object) => Promise<any>, tell: (told: any[]) => void}} Reader */

/** Messages before the oldest known one. @param {Reader} reader @param {number} limit */
export async function readBack({ mirror, request, tell }, limit) {
  const before = mirror.chat.firstNo;
  const { messages, more } = await request("chat_history", { limit: Math.min(limit, PAGE), ...(before !== null && { before }) });
  mirror.chat.more = more;
  mirror.chat.floor = messages[0]?.no ?? mirror.chat.floor;
  tell(mirror.readBack(messages));
  return messages;
}

/** After a resume by snapshot: the messages its chat had no room for, and what became of those known (edits, reactions).
 *  A reloaded page knows none and reads the last ones.
 *  @param {Reader} reader @param {{reloaded: boolean, more: boolean, since: number, after: number}} todo what came behind `since` is news;
 *    it is read up to `after`, which moves on @returns {Promise<boolean>} whether all was read */
export async function readMissed({ mirror, request, tell }, todo) {
  const { reloaded, since } = todo;
  if (mirror.room.chat !== "durable") return true;
  try {
    while (todo.more) {
      const page = await request("chat_history", { after: todo.after, limit: PAGE });
      tell(mirror.readBack(page.messages, { missed: !reloaded, since }));
      todo.more = page.more && page.messages.length > 0;
      todo.after = page.messages.at(-1)?.no ?? todo.after;
    }
    const last = await request("chat_history", { limit: PAGE });
    tell(mirror.readBack(last.messages));
    if (reloaded) Object.assign(mirror.chat, { more: last.more, floor: last.messages[0]?.no ?? null });
    return true;
  } catch (error) {
    if (error.code !== "disconnected" && error.code !== "storage_unavailable") throw error;
    return false;
  }
}

/** Reads what was missed, also what a loss has cut off before. */
export class Missed {
  /** @type {{reloaded: boolean, more: boolean, since: number, after: number} | null} */
  #todo = null;

  /** @param {() => Reader} reader @param {(error: any) => void} refused */
  constructor(reader, refused) {
    this.reader = reader;
    this.refused = refused;
  }

  goOn() {
    if (this.#todo) this.read(this.#todo);
  }

  /** @param {{reloaded: boolean, more: boolean, since: number, after: number}} missed */
  read({ reloaded, more, since, after }) {
    const cut = this.#todo;
    const todo = {
      reloaded: reloaded || (cut?.reloaded ?? false),
      more: more || (cut?.more ?? false),
      since: Math.min(since, cut?.since ?? since),
      after: Math.min(after, cut?.after ?? after),
    };
    this.#todo = todo;
    const ends = (/** @type {boolean} */ isDone) => isDone && this.#todo === todo && (this.#todo = null);
    readMissed(this.reader(), todo).then(ends, this.refused);
  }
}
