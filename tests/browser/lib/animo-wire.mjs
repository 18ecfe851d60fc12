//! The wire of Engine.IO and Socket.IO without a client library: packets as they are.
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { Page, meeting, within } from './animo.mjs';

let server;
let bystander;

/** Begins with a server, and somebody on it who does nothing wrong. */
export async function begin(started) {
  server = started;
  const { code } = await meeting(server, 'bystander-room');
  bystander = new Page(server, 'Bystander');
  await bystander.enters(code);
}

export async function end() {
  bystander?.leave();
  await server?.stop();
}

/** Who does nothing wrong goes on as before. */
export async function others() {
  const text = `still here ${Math.random()}`;
  bystander.say(text);
  await bystander.hears('chat-message', ([message]) => message.data === text);
}

export const at = (query, path = '/socket.io/') => `${server.url}${path}?${query}`;
export const POLL = 'EIO=4&transport=polling';

export async function poll(sid, options = {}) {
  const answer = await fetch(at(`${POLL}${sid ? `&sid=${sid}` : ''}`), options);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

export const post = (sid, body, headers = { 'content-type': 'text/plain;charset=UTF-8' }) => poll(sid, { method: 'POST', body, headers });

/** A session by polling, in the namespace. */
export async function session(headers = {}) {
  const opened = await poll('', { headers });
  assert.equal(opened.status, 200);
  const { sid } = JSON.parse(opened.text.slice(1));
  assert.equal((await post(sid, '40')).text, 'ok');
  let text = '';
  while (!text.includes('40{')) text = (await poll(sid)).text;
  return { sid, id: JSON.parse(text.split('\x1e').find((packet) => packet.startsWith('40{')).slice(2)).sid };
}

/** A WebSocket whose packets are awaited one by one; pings are answered. */
export class Socket {
  constructor(query = 'EIO=4&transport=websocket', { path, ...options } = {}) {
    this.ws = new WebSocket(at(query, path).replace('http', 'ws'), options);
    this.packets = [];
    this.ws.on('message', (data, binary) => {
      const packet = binary ? data : data.toString();
      if (packet === '2') this.ws.send('3');
      else this.packets.push(packet);
      this.wake?.();
    });
    this.ended = new Promise((done) => {
      this.ws.on('close', (code) => done(code));
      this.ws.on('unexpected-response', (_, answer) => done(`HTTP ${answer.statusCode}`));
      this.ws.on('error', () => {});
    }).then((code) => {
      this.wake?.();
      return code;
    });
  }

  async next() {
    const waiting = async () => {
      while (this.packets.length === 0) await new Promise((done) => (this.wake = done));
      return this.packets.shift();
    };
    return within(waiting(), 'a packet');
  }

  async connected() {
    const opened = await this.next();
    assert.equal(opened[0], '0');
    this.ws.send('40');
    const connected = await this.next();
    this.id = JSON.parse(connected.slice(2)).sid;
    return this;
  }

  isEnded() {
    return within(this.ended, 'the end');
  }
}
