//! The room as this client knows it: a mirror made from a snapshot and kept by pushes, that says what changed; pure.

import { ChatLog } from "./chatlog.js";

/** @typedef {[type: string, detail: any]} Told what listeners hear */

const FIELDS = ["name", "avatar", "role", "rights", "link", "state", "media", "attributes"];

export class Mirror {
  epoch = "";
  seq = 0;
  lastNo = 0;
  /** @type {any} */ room = null;
  /** @type {any} */ self = null;
  /** @type {Map<string, any>} others, in join order */
  people = new Map();
  chat = new ChatLog();

  person(peer) {
    return peer === this.self?.peer ? this.self : this.people.get(peer);
  }

  /** Whether one may do this here and now. @param {string} right */
  may(right) {
    return this.self?.rights.includes(right) ?? false;
  }

  everyone() {
    return this.self ? [this.self, ...this.people.values()] : [];
  }

  get hands() {
    return this.everyone()
      .filter((one) => one.hand)
      .sort((a, b) => (a.hand.since < b.hand.since ? -1 : a.hand.since > b.hand.since ? 1 : a.hand.rank - b.hand.rank));
  }

  /** Takes `joined` or a snapshot. @param {any} whole @returns {Told[]} */
  load(whole) {
    const told = [];
    const missed = this.self !== null; // of the first sight nothing is news
    if (this.epoch !== whole.epoch && whole.room.chat !== "durable") this.chat.unnumber();
    Object.assign(this, { epoch: whole.epoch, seq: whole.seq, lastNo: Math.max(this.lastNo, whole.last_no ?? 0) });
    this.#loadRoom(whole, told);
    const here = new Set(whole.participants.map((one) => one.peer));
    for (const [peer, person] of this.people) {
      if (!here.has(peer)) this.#leave(person, "lost", told);
    }
    const ordered = new Map();
    for (const fresh of whole.participants) {
      const known = this.people.get(fresh.peer);
      ordered.set(fresh.peer, known ? this.#renew(known, fresh, told) : { ...fresh });
      if (!known) told.push(["peer", { person: ordered.get(fresh.peer) }]);
    }
    this.people = ordered;
    this.#rank(told);
    const first = this.chat.list.length === 0;
    if (!first) this.chat.floor ??= this.chat.firstNo; // of what is older a snapshot has only what changed
    if (whole.chat) this.readBack(whole.chat.messages, { told, missed });
    if (first && whole.chat) this.chat.more = whole.chat.more;
    return told;
  }

  #loadRoom(whole, told) {
    if (this.self && this.self.peer === whole.self.peer) this.#renew(this.self, whole.self, told);
    else this.self = { ...whole.self };
    if (whole.rights) this.self.rights = whole.rights;
    if (this.room && JSON.stringify(this.room) !== JSON.stringify(whole.room)) {
      told.push(["room", { room: whole.room, by: null }]);
    }
    this.room = whole.room;
  }

  /** Merges messages of a snapshot or of the history. @param {any[]} messages
   *  @param {{told?: Told[], missed?: boolean, since?: number}} how whether those behind the last known one, or behind `since`, were said while we were away, and are news @returns {Told[]} */
  readBack(messages, { told = [], missed = false, since } = {}) {
    const isLater = since === undefined ? this.chat.after() : (/** @type {any} */ message) => message.no > since;
    for (const message of messages) {
      const did = this.chat.add(message);
      const mine = this.chat.get(message.message);
      if (did === "new") told.push(["chat", { message: mine, fresh: missed && !mine.deleted && isLater(mine) }]);
      if (did === "changed") told.push(["chatchange", { message: mine }]);
    }
    return told;
  }

  #renew(known, fresh, told) {
    const what = FIELDS.filter((field) => JSON.stringify(known[field]) !== JSON.stringify(fresh[field]));
    const hand = Boolean(known.hand) !== Boolean(fresh.hand);
    Object.assign(known, fresh);
    if (what.length > 0) told.push(["change", { person: known, what }]);
    if (what.includes("rights")) told.push(["rights", { person: known, by: null }]);
    if (hand) told.push(["hand", { person: known, raised: Boolean(fresh.hand) }]);
    return known;
  }

  #leave(person, reason, told) {
    this.people.delete(person.peer);
    if (person.hand) told.push(["hand", { person: { ...person, hand: null }, raised: false }]);
    told.push(["peerleft", { person, reason }]);
  }

  /** Ranks follow from the order of `since`. */
  #rank(told) {
    this.hands.forEach((person, at) => {
      if (person.hand.rank === at + 1) return;
      person.hand = { ...person.hand, rank: at + 1 };
      told.push(["change", { person, what: ["hand"] }]);
    });
  }

  /** Moves the position on, behind a delta. @param {{seq: number, last_no: number}} position */
  at({ seq, last_no }) {
    this.seq = Math.max(this.seq, seq);
    this.lastNo = Math.max(this.lastNo, last_no ?? 0);
  }

  /** Takes a push in. @param {any} push @returns {Told[] | "known" | "gap"} known: seen before; gap: of another epoch, so something was missed */
  apply(push) {
    if (push.seq === undefined) return this.#tell(push);
    if (push.epoch !== this.epoch) return "gap";
    if (push.seq <= this.seq) return "known";
    this.seq = push.seq;
    const no = push.type === "chat_read" ? null : (push.no ?? push.message?.no ?? push.room?.version); // what somebody has read is no position of ours
    if (Number.isInteger(no)) this.lastNo = Math.max(this.lastNo, no);
    return this.#tell(push);
  }

  /** @returns {Told[]} */
  #tell(push) {
    const tell = TOLD[push.type];
    if (!tell) return [];
    const told = [];
    const person = push.peer === undefined ? undefined : this.person(push.peer);
    if (push.peer !== undefined && !person && NEEDS_PERSON.has(push.type)) return [];
    tell.call(this, push, told, person);
    return told;
  }

  join(push, told) {
    const person = { ...push.participant, polite: false }; // who came later yields
    if (person.peer === this.self.peer) return;
    const known = this.people.get(person.peer);
    if (known) {
      this.#renew(known, person, told);
      return;
    }
    this.people.set(person.peer, person);
    told.push(["peer", { person }]);
  }

  leave(push, told, person) {
    if (person === this.self) {
      told.push(["selfleft", { reason: push.reason }]);
      return;
    }
    this.#leave(person, push.reason, told);
    this.#rank(told);
  }

  change(person, fields, told) {
    Object.assign(person, fields);
    told.push(["change", { person, what: Object.keys(fields) }]);
  }

  hand(person, hand, told) {
    if (!person.hand && !hand) return;
    person.hand = hand;
    told.push(["hand", { person, raised: Boolean(hand) }]);
    this.#rank(told);
  }

  changeRoom(push, told) {
    const { keys, pins } = this.room;
    this.room = { ...(keys && { keys }), ...(pins && { pins }), ...push.room };
    told.push(["room", { room: this.room, by: push.by ?? null }]);
  }
}

const NEEDS_PERSON = new Set([
  "participant_left", "participant_changed", "hand_raised", "hand_lowered", "reaction", "rights_changed", "role_changed", "muted",
]);

/** What each push does to the mirror and what is told of it. @type {Record<string, (this: Mirror, push: any, told: Told[], person: any) => void>} */
const TOLD = {
  participant_joined(push, told) {
    this.join(push, told);
  },
  participant_left(push, told, person) {
    this.leave(push, told, person);
  },
  participant_changed(push, told, person) {
    const fields = Object.fromEntries(FIELDS.filter((field) => push[field] !== undefined).map((field) => [field, push[field]]));
    this.change(person, fields, told);
  },
  hand_raised(push, told, person) {
    this.hand(person, { rank: push.rank, since: push.since }, told);
  },
  hand_lowered(push, told, person) {
    this.hand(person, null, told);
  },
  reaction(push, told, person) {
    told.push(["reaction", { person, emoji: push.emoji }]);
  },
  room_changed(push, told) {
    this.changeRoom(push, told);
  },
  room_pins(push, told) {
    this.room = { ...this.room, pins: push.pins };
    told.push(["pins", { pins: push.pins }]);
  },
  room_ended(push, told) {
    told.push(["roomended", { by: push.by ?? null }]);
  },
  rights_changed(push, told, person) {
    this.change(person, { rights: push.rights }, told);
    told.push(["rights", { person, by: push.by ?? null }]);
  },
  role_changed(push, told, person) {
    this.change(person, { role: push.role, rights: push.rights }, told);
    told.push(["rights", { person, by: push.by ?? null }]);
  },
  muted(push, told, person) {
    this.change(person, { media: { ...person.media, [push.source]: false } }, told);
    told.push(["muted", { person, source: push.source, by: push.by, self: person === this.self }]);
  },
  unmute_asked(push, told) {
    told.push(["unmute_asked", { source: push.source, by: push.by }]);
  },
  chat_message(push, told) {
    if (this.chat.add(push.message) === "new") told.push(["chat", { message: this.chat.get(push.message.message), fresh: true }]);
  },
  chat_edited(push, told) {
    const message = this.chat.edit(push);
    if (message) told.push(["chatchange", { message }]);
  },
  chat_deleted(push, told) {
    const message = this.chat.delete(push);
    if (message) told.push(["chatchange", { message }]);
  },
  chat_reaction(push, told) {
    const message = this.chat.react(push);
    if (message) told.push(["chatchange", { message }]);
  },
  chat_read(push, told) {
    told.push(["read", { peer: push.peer, no: push.no }]);
  },
  typing(push, told) {
    told.push(["typing", { peer: push.peer, on: push.on }]);
  },
  signal(push, told) {
    told.push(["signal", { from: push.from, body: push.body }]);
  },
  broadcast(push, told) {
    told.push(["broadcast", { from: push.from, topic: push.topic, body: push.body }]);
  },
};
