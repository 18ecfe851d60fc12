//! The messages of an account: on their way to its rooms and from them, and told to the page.

import { newId } from "../sdk/v1/ids.js";
import { Book, dated } from "./book.js";
import { tell } from "./door.js";

const { MESIBO_MSGSTATUS_OUTBOX: OUTBOX, MESIBO_MSGSTATUS_SENT: SENT, MESIBO_MSGSTATUS_FAIL: FAIL, MESIBO_MSGSTATUS_INVALIDDEST: NOBODY } = globalThis;
const { MESIBO_MSGSTATUS_RECEIVEDNEW: RECEIVED, MESIBO_FLAG_TRANSIENT: TRANSIENT, MESIBO_ORIGIN_REALTIME: REALTIME } = globalThis;

/** Among broadcasts and signals: what pages tell each other that is no chat, such as drawings. */
const TOPIC = "mesibo";
/** Reading back, this often for one wish. */
const ROUNDS = 10;
const AT_ONCE = 100;

/** What other pages told that is no chat, or null if it is nothing of theirs. */
export function dataOf(body, peer, groupid) {
  const { type, id, message } = body ?? {};
  if (!Number.isInteger(type) || typeof message !== "string") return null;
  return { id: id ?? 0, peer, groupid, type, flag: TRANSIENT, status: RECEIVED, origin: REALTIME, message, ...dated(Date.now()) };
}

export class Messages {
  book = new Book();

  constructor(account) {
    this.account = account;
    account.attend = (call, meeting) => this.#attend(call, meeting);
  }

  #tell(record) {
    tell(this.account.listener, "Mesibo_OnMessage", record, new TextEncoder().encode(record.message));
  }
  #tellStatus(record) {
    tell(this.account.listener, "Mesibo_OnMessageStatus", record);
  }

  /** From when on a room is heard. */
  #attend({ gid }, meeting) {
    const { book } = this;
    const take = (message) => book.receives(message, gid, meeting.self.peer);
    const heard = (record) => {
      this.#tell(record);
      if (book.listing(record).some(({ receipts }) => receipts)) meeting.markRead().catch(() => {}); // said again with the next one
    };
    for (const message of meeting.messages) take(message);
    meeting.on("chat", ({ message, fresh }) => {
      const record = take(message);
      if (record && fresh && message.from !== meeting.self.peer) heard(record);
    });
    meeting.on("chatchange", ({ message }) => book.changes(message));
    meeting.on("read", ({ peer, no }) => book.reads(peer, no, gid).forEach((record) => this.#tellStatus(record)));
    meeting.on("broadcast", ({ from, topic, body }) => {
      const record = topic === TOPIC ? dataOf(body, from, gid) : null;
      if (record) this.#tell(record);
    });
    meeting.on("signal", ({ from, body }) => {
      const record = dataOf(body?.[TOPIC], from, 0);
      if (record) this.#tell(record);
    });
  }

  /** The seat by which a room or a person is reached, once there is one; null if there is no such call. */
  async #meeting(gid, peer) {
    const calls = this.account.calls.filter((call) => call.live?.meeting && (!gid || call.gid === gid));
    const call = gid ? calls[0] : (calls.find(({ live }) => live.meeting.people?.has(peer)) ?? (peer ? null : calls[0]));
    if (call) return call.live.meeting;
    const coming = this.account.calls.find((one) => one.gid === gid && one.live?.seated);
    return (await coming?.live.seated) ?? null;
  }

  /** @param {any} m the page's own object, kept up to date */
  async send(m) {
    const gid = Number(m.groupid) || 0;
    const isData = Boolean(m.type) || Boolean(m.flag & TRANSIENT);
    const clientId = newId();
    Object.assign(m, { groupid: gid, status: OUTBOX, origin: REALTIME }, dated(Date.now()));
    if (!isData) this.book.sends(m, clientId);
    await this.account.entered; // so that a call which is joined in the same breath is known
    const meeting = await this.#meeting(gid, m.peer);
    try {
      if (!meeting) throw Object.assign(new Error("nobody is there"), { code: "no_such_target" });
      if (isData) await this.#sendData(meeting, m, gid);
      else {
        const room = this.account.calls.find(({ live }) => live?.meeting === meeting)?.gid;
        this.book.settles(clientId, await meeting.send(m.message, { client_id: clientId, ...(gid ? {} : { to: m.peer }) }), room);
      }
      if (isData) m.status = SENT;
    } catch (error) {
      const status = error.code === "no_such_target" ? NOBODY : FAIL;
      if (isData) m.status = status;
      else this.book.fails(clientId, status);
    }
    this.#tellStatus(m);
  }

  #sendData(meeting, { type, id, message, peer }, gid) {
    const body = { type: Number(type) || 0, id, message };
    return gid ? meeting.broadcast(TOPIC, body) : meeting.signal(peer, { [TOPIC]: body });
  }

  open(session) {
    this.book.open(session);
  }
  close(session) {
    this.book.close(session);
  }

  /** Reads back until there are so many, and tells how many there are. */
  async read(session, count) {
    await this.account.entered;
    const meeting = await this.#meeting(session.gid, "");
    for (let round = 0; meeting?.moreMessages && session.list.length < count && round < ROUNDS; round += 1) {
      await meeting.loadEarlier(AT_ONCE);
    }
    if (session.receipts) meeting?.markRead().catch(() => {}); // said again with the next one
    if (typeof session.heard === "function") session.heard(session.list.length);
  }

  /** Whether what is listed there counts as read. */
  async receipts(session) {
    if (!session.receipts) return;
    const meeting = await this.#meeting(session.gid, session.peer);
    meeting?.markRead().catch(() => {}); // said again with the next one
  }
}
