//! One chatting client of the crash run: speaks the native protocol, keeps its seat over crashes, remembers all it saw.
import WebSocket from 'ws';

/** How many of its own messages may wait for their acknowledgement. */
const IN_FLIGHT = 4;

export class Person {
  /**
   * @param {{url: string, room: string, name: string}} where
   * @param {{saw(id: string, text: string): void, acked(id: string, text: string): void}} book what the run compares in the end
   */
  constructor({ url, room, name }, book) {
    Object.assign(this, { url: `${url.replace('http', 'ws')}/v1/connect`, room, name, book });
    this.seat = null;
    this.waiting = new Map(); // client_id -> text, not yet acknowledged
    this.mine = new Set(); // message ids in this person's own view
    this.twice = 0;
    this.seatsLost = 0;
    this.sent = 0;
    this.talking = false;
  }

  /** Connects, then joins or comes back to the seat; resolves when seated. */
  async enter() {
    for (;;) {
      try {
        await this.open();
        return;
      } catch (error) {
        if (this.given) throw error;
        await new Promise((retry) => setTimeout(retry, 40)); // the server is being started: nothing announces that it is up
      }
    }
  }

  async open() {
    const socket = new WebSocket(this.url, { perMessageDeflate: false });
    this.socket = socket;
    this.replies = new Map();
    this.next = 1;
    this.gone = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => this.hears(JSON.parse(data)));
    socket.on('error', () => {}); // the close that follows is what counts
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('close', () => reject(new Error('closed before it opened')));
    });
    if (this.seat) {
      const { session, secret, epoch, seq, last_no } = this.seat;
      const reply = await this.asks({ type: 'resume', session, secret, epoch, seq, last_no }, (ok) => this.resumed(ok));
      if (reply.ok) return;
      if (reply.err.code !== 'unknown_session') throw new Error(`resume was refused: ${reply.err.code}`);
      this.seatsLost += 1;
    }
    await this.join();
  }

  async join() {
    await this.asks({ type: 'hello', protocol: 1 });
    const reply = await this.asks({ type: 'join', room: this.room, profile: { name: this.name } }, (ok) => {
      this.seat = { peer: ok.self.peer };
      this.settle(ok);
      this.reads(ok.chat.messages);
    });
    if (!reply.ok) throw new Error(`join was refused: ${reply.err.code}`);
  }

  resumed(ok) {
    this.settle(ok);
    for (const push of ok.events ?? []) this.pushed(push);
    this.reads(ok.snapshot?.chat.messages ?? []);
    if (ok.snapshot && ok.snapshot.self.peer !== this.seat.peer) this.seatsLost += 1;
    this.asks({ type: 'resumed_ok', n: ok.n });
    for (const [client_id, text] of this.waiting) this.sends(client_id, text);
  }

  settle({ session, secret, epoch, seq, last_no }) {
    Object.assign(this.seat, { session, secret, epoch, seq, last_no });
  }

  reads(messages) {
    for (const message of messages) this.sees(message);
  }

  sees({ message, text, no }) {
    if (this.mine.has(message)) this.twice += 1;
    this.mine.add(message);
    this.seat.last_no = Math.max(this.seat.last_no, no);
    this.book.saw(message, text);
  }

  hears(frame) {
    if (frame.id !== undefined) {
      this.replies.get(frame.id)?.(frame);
      this.replies.delete(frame.id);
    } else if (frame.seq !== undefined && frame.type !== 'heartbeat') {
      this.pushed(frame);
    }
  }

  pushed(push) {
    this.seat.epoch = push.epoch;
    this.seat.seq = push.seq;
    if (push.type === 'chat_message') this.sees(push.message);
  }

  /**
   * Sends a frame; resolves with its reply, or never if the connection dies first. `accepted` runs with the `ok` before any
   * frame that came behind it is heard.
   */
  asks(frame, accepted = () => {}) {
    const id = this.next++;
    this.socket.send(JSON.stringify({ id, ...frame }), () => {});
    return new Promise((resolve) => {
      this.replies.set(id, (reply) => {
        if (reply.ok) accepted(reply.ok);
        resolve(reply);
      });
    });
  }

  /** Talks as fast as acknowledgements come, until told to stop. */
  talks() {
    this.talking = true;
    this.fills();
  }

  fills() {
    while (this.talking && this.waiting.size < IN_FLIGHT) {
      const client_id = `${this.name}-${++this.sent}`;
      const text = `${client_id} ${'x'.repeat(this.sent % 120)}`;
      this.waiting.set(client_id, text);
      this.sends(client_id, text);
    }
  }

  async sends(client_id, text) {
    const reply = await this.asks({ type: 'chat_send', client_id, text });
    if (reply.ok) {
      this.waiting.delete(client_id);
      this.book.acked(reply.ok.message, text);
      this.fills();
    } else if (['storage_unavailable', 'busy'].includes(reply.err.code)) {
      this.sends(client_id, text);
    } else {
      throw new Error(`chat_send was refused: ${reply.err.code}`);
    }
  }

  /** Resolves when everything said is acknowledged. */
  async falls_silent() {
    this.talking = false;
    while (this.waiting.size > 0) await new Promise((look) => setImmediate(look));
  }

  leaves() {
    this.given = true;
    this.socket.close();
  }
}

/** The whole history of a room, read page by page by a newcomer. */
export async function history(url, room) {
  const reader = new Person({ url, room, name: 'Reader' }, { saw() {}, acked() {} });
  await reader.enter();
  const all = [];
  for (let after = 0, more = true; more; ) {
    const reply = await reader.asks({ type: 'chat_history', after, limit: 100 });
    if (!reply.ok) throw new Error(`chat_history was refused: ${reply.err.code}`);
    all.push(...reply.ok.messages);
    more = reply.ok.more;
    after = all.at(-1)?.no ?? after;
  }
  reader.leaves();
  return all;
}
