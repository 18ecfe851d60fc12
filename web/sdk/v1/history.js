//! Reading the chat's history: further back at wish, and what a resume left out.

const PAGE = 100;

/** @typedef {{mirror: import("./mirror.js").Mirror, request: (type: string, fields: object) => Promise<any>, tell: (told: any[]) => void}} Reader */

/** Messages before the oldest known one. @param {Reader} reader @param {number} limit */
export async function readBack({ mirror, request, tell }, limit) {
  const before = mirror.chat.firstNo;
  const { messages, more } = await request("chat_history", { limit: Math.min(limit, PAGE), ...(before !== null && { before }) });
  mirror.chat.more = more;
  tell(mirror.readBack(messages));
  return messages;
}

/** After a resume by snapshot: the messages its chat had no room for, and what became of those known (edits, reactions).
 *  A reloaded page knows none and reads the last ones.
 *  @param {Reader} reader @param {{reloaded: boolean, more: boolean, after: number}} resumed */
export async function readMissed({ mirror, request, tell }, { reloaded, more, after }) {
  if (mirror.room.chat !== "durable") return;
  try {
    let from = more ? Math.max(after, mirror.chat.list.at(-1)?.no ?? 0) : null;
    while (from !== null) {
      const page = await request("chat_history", { after: from, limit: PAGE });
      tell(mirror.readBack(page.messages, { missed: !reloaded }));
      from = page.more && page.messages.length > 0 ? page.messages.at(-1).no : null;
    }
    const last = await request("chat_history", { limit: PAGE });
    tell(mirror.readBack(last.messages));
    if (reloaded) mirror.chat.more = last.more;
  } catch (error) {
    if (error.code !== "disconnected" && error.code !== "storage_unavailable") throw error;
  }
}
