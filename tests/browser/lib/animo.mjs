//! Somebody at a page of Animo Meet: by its HTTP API, and by the official client of Socket.IO.
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';

const PATIENCE_MS = 15_000;

/** Asks below `/api/v1`; gives status, body and headers. */
export async function ask(server, method, path, { token, cookie, origin, body } = {}) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(cookie && { cookie }), ...(origin && { origin }) };
  if (body) headers['content-type'] = 'application/json';
  const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body), redirect: 'manual' });
  return { status: answer.status, body: await answer.json(), headers: answer.headers };
}

/** An account with a session: its token, and its cookie as a browser sends it. */
export async function person(server, username) {
  const account = { name: `${username} N.`, username, password: 'password123' };
  assert.equal((await ask(server, 'POST', '/users/signup', { body: account })).status, 201);
  const entered = await ask(server, 'POST', '/users/login', { body: account });
  assert.equal(entered.status, 200);
  return { username, token: entered.body.token, cookie: entered.headers.get('set-cookie').split(';')[0] };
}

/** A meeting of somebody who was made for it. */
export async function meeting(server, code = 'abc-defg-hij') {
  const host = await person(server, `host-${code}`);
  assert.equal((await ask(server, 'GET', `/meeting/check-code/${code}`, { token: host.token })).status, 200);
  return { code, host };
}

/** A page by the official client; `objects` is how generations from the third on write. */
export class Page {
  constructor(server, name, { objects = true, transports, path = '/socket.io/', headers } = {}) {
    this.name = name;
    this.objects = objects;
    this.heard = [];
    this.waiting = [];
    this.socket = io(server.url, { path, transports, forceNew: true, extraHeaders: headers, reconnectionDelay: 50, reconnectionDelayMax: 200 });
    this.socket.onAny((event, ...args) => {
      this.heard.push({ event, args });
      this.settle();
    });
  }

  get id() {
    return this.socket.id;
  }

  get transport() {
    return this.socket.io.engine.transport.name;
  }

  async connected() {
    if (!this.socket.connected) await within(new Promise((done) => this.socket.once('connect', done)), `${this.name} connects`);
    return this;
  }

  /** Until the socket has moved from polling to WebSocket. */
  async upgraded() {
    await this.connected();
    if (this.transport !== 'websocket') await within(new Promise((done) => this.socket.io.engine.once('upgrade', done)), `${this.name} upgrades`);
    return this;
  }

  join(room) {
    this.room = room;
    const flags = { audioEnabled: true, audioAvailable: true, videoEnabled: true, videoAvailable: true };
    this.socket.emit('join-call', { roomID: room, username: `${this.name}_guest`, name: `${this.name} (Guest)`, ...flags });
  }

  /** Connected and in the room; gives its own `user-joined`. */
  async enters(room) {
    await this.connected();
    this.join(room);
    return this.hears('user-joined', ([joined]) => joined.id === this.id);
  }

  say(text, time = Date.now()) {
    const sender = `${this.name} (Guest)`;
    if (this.objects) this.socket.emit('chat-message', { sender, data: text, time, socketIdSender: this.id });
    else this.socket.emit('chat-message', sender, text, time);
  }

  /** The arguments of the first such event, heard already or to come. */
  hears(event, fits = () => true) {
    const promise = new Promise((done) => this.waiting.push({ event, fits, done }));
    this.settle();
    return within(promise, `${this.name} hears ${event}`);
  }

  settle() {
    this.waiting = this.waiting.filter(({ event, fits, done }) => {
      const at = this.heard.findIndex((one) => one.event === event && fits(one.args));
      if (at < 0) return true;
      done(this.heard.splice(at, 1)[0].args);
      return false;
    });
  }

  /** How often it has heard this, and nothing of it was asked for. */
  count(event) {
    return this.heard.filter((one) => one.event === event).length;
  }

  leave() {
    this.socket.emit('leave-call');
    this.socket.disconnect();
  }
}

export function within(promise, what, ms = PATIENCE_MS) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`in vain: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
