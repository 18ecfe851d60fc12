//! Messages as pages of mesibo's know them, and the sessions that list them; pure.

const { MESIBO_MSGSTATUS_SENT: SENT, MESIBO_MSGSTATUS_READ: READ, MESIBO_MSGSTATUS_RECEIVEDNEW: RECEIVED, MESIBO_ORIGIN_REALTIME: REALTIME } = globalThis;

/** When, as pages show it. @param {number} ms */
export function dated(ms) {
  const at = new Date(ms);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return { ts: ms, date: { ts: ms, time, date: at.toLocaleDateString() } };
}

/** A message of the room. @param {any} message @param {number} gid @param {string} me */
export function recordOf(message, gid, me) {
  const isMine = message.from === me;
  const isPrivate = message.to !== null;
  return {
    id: message.message,
    peer: isMine ? (message.to ?? "") : message.from,
    groupid: isPrivate ? 0 : gid,
    status: isMine ? SENT : RECEIVED,
    origin: REALTIME,
    type: 0,
    flag: 0,
    message: message.text,
    name: message.name,
    ...dated(Date.parse(message.at)),
  };
}

/** Whether a message belongs into a session: of a room, of a person, or of all. */
function isOf(record, { gid, peer }) {
  if (gid) return record.groupid === gid;
  return peer ? record.groupid === 0 && record.peer === peer : true;
}

function insert(list, record) {
  let at = list.length;
  while (at > 0 && list[at - 1].ts > record.ts) at -= 1;
  list.splice(at, 0, record);
}

export class Book {
  /** Oldest first. @type {any[]} */
  #all = [];
  #sessions = new Set();
  /** @type {Map<string, {record: any, no: number | null, gid: number | undefined}>} by the room's id of a message */
  #known = new Map();
  /** On their way, by `client_id`. @type {Map<string, any>} */
  #sent = new Map();

  /** @param {{peer: string, gid: number, list: any[]}} session its list is kept up to date */
  open(session) {
    this.#sessions.add(session);
    session.list.splice(0, session.list.length, ...this.#all.filter((record) => isOf(record, session)));
  }

  close(session) {
    this.#sessions.delete(session);
  }

  /** Those that list a message. */
  listing(record) {
    return [...this.#sessions].filter((session) => isOf(record, session));
  }

  #add(record) {
    insert(this.#all, record);
    for (const session of this.listing(record)) insert(session.list, record);
  }

  /** One of our own, on its way. */
  sends(record, clientId) {
    this.#sent.set(clientId, record);
    this.#add(record);
  }

  /** The room has it. @returns {boolean} whether that is news */
  settles(clientId, { message, no, at }, gid) {
    const record = this.#sent.get(clientId);
    if (!record) return false;
    this.#sent.delete(clientId);
    this.#known.set(message, { record, no, gid });
    Object.assign(record, { status: SENT }, dated(Date.parse(at)));
    return true;
  }

  /** The room has refused it. */
  fails(clientId, status) {
    const record = this.#sent.get(clientId);
    this.#sent.delete(clientId);
    if (record) record.status = status;
    return record ?? null;
  }

  /** A message of the room. @returns {any | null} what is new */
  receives(message, gid, me) {
    if (this.settles(message.client_id, message, gid)) return null; // told before its acknowledgement
    if (message.deleted || this.#known.has(message.message)) return null;
    const record = recordOf(message, gid, me);
    this.#known.set(message.message, { record, no: message.no, gid });
    this.#add(record);
    return record;
  }

  /** It was edited or deleted. */
  changes({ message, text, deleted }) {
    const known = this.#known.get(message);
    if (!known) return;
    known.record.message = text;
    if (!deleted) return;
    for (const list of [this.#all, ...[...this.#sessions].map((session) => session.list)]) {
      const at = list.indexOf(known.record);
      if (at >= 0) list.splice(at, 1);
    }
  }

  /** Somebody has read that room up to there. @returns {any[]} those of our own that are read now */
  reads(peer, no, gid) {
    const mine = [...this.#known.values()].filter((known) => known.gid === gid && known.record.status === SENT && known.no !== null && known.no <= no);
    const read = mine.map(({ record }) => record).filter((record) => record.groupid !== 0 || record.peer === peer);
    for (const record of read) record.status = READ;
    return read;
  }
}
