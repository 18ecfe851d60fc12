//! A seat over lost sockets: what its page keeps, says and shows when it comes back, and when it doesn't.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { history, MEDIA, news, person, settle, snapshot, span } from './lib/records.mjs';

Object.assign(globalThis, {
  MediaStream: class { tracks = []; getTracks() { return this.tracks; } addTrack(t) { this.tracks.push(t); } removeTrack(t) { this.tracks = this.tracks.filter((o) => o !== t); } },
  addEventListener() {}, removeEventListener() {},
});
globalThis.document = { addEventListener() {}, removeEventListener() {}, visibilityState: 'visible' };
const { Mirror } = await import('../../web/sdk/v1/mirror.js');
const { Links } = await import('../../web/sdk/v1/links.js');
const { Engine } = await import('../../web/sdk/v1/engine.js');
const { Outbox } = await import('../../web/sdk/v1/outbox.js');

class PlayedSocket {
  static OPEN = 1;
  readyState = 0; sent = [];
  /** Hears of the next one. */
  static made = () => {};
  constructor() { PlayedSocket.last = this; PlayedSocket.made(); }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  opens() { this.readyState = 1; this.onopen(); return settle(); }
  closes(code) { this.readyState = 3; this.onclose({ code }); return settle(); }
  says(frame) { this.onmessage({ data: JSON.stringify(frame) }); return settle(); }
  /** Answers the latest request of this type. */
  grants(type, ok) { return this.says({ id: this.sent.findLast((one) => one.type === type).id, ok }); }
  types() { return this.sent.map(({ type }) => type); }
}
/** An engine that is seated, with what it keeps, tells and does to its devices. */
async function seated(of = {}, { media: devices = {}, kept = null } = {}) {
  const stored = new Map();
  globalThis.sessionStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) };
  globalThis.localStorage = { getItem: () => null };
  globalThis.WebSocket = PlayedSocket;
  const told = [];
  const media = { on: () => () => {}, available: () => false, audio: false, video: false, screen: false, level: 0, close() {}, audioTrack: null, videoTrack: null, screenTrack: null,
    async setAudio(on) { await settle(); this.audio = on; return true; }, ...devices };
  const engine = new Engine({ room: 'abc', name: 'Ana', server: 'http://h' }, media, kept, (type, detail) => told.push([type, detail]));
  const opened = engine.session.open();
  await PlayedSocket.last.opens();
  await PlayedSocket.last.grants('hello', { heartbeat_ms: 20_000, limits: {} });
  await PlayedSocket.last.grants('join', { ...snapshot({ people: [], ...of }), session: 's', secret: '1.x', n: 1 });
  await opened;
  return { engine, told, stored, media };
}
async function loses() {
  const again = new Promise((resolve) => (PlayedSocket.made = resolve));
  await PlayedSocket.last.closes(1006);
  await again;
  await PlayedSocket.last.opens();
  return PlayedSocket.last;
}

test('an end with a message on its way keeps no seat', async () => {
  const { engine, stored } = await seated();
  assert.equal(stored.size, 1);
  const said = engine.outbox.add({ client_id: 'x', text: 'hello', to: null, reply_to: null }).catch(() => 'lost');
  await PlayedSocket.last.closes(4200);
  assert.deepEqual([await said, engine.state, stored.size], ['lost', 'ended', 0]);
});

test('a seat that this page could not come back to is claimed again by it', async () => {
  const { claimSeat, releaseSeat } = await import('../../web/sdk/v1/store.js');
  const taken = new Map();
  const request = (name, { signal }, work) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('late')));
    taken.set(name, (taken.get(name) ?? Promise.resolve()).then(() => work()).then(resolve));
  });
  Object.defineProperty(globalThis, 'navigator', { value: { locks: { request } }, configurable: true });
  assert.equal(await claimSeat('s'), true);
  releaseSeat?.('s');
  assert.equal(await claimSeat('s'), true);
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true });
});

test('after a fresh seat what was said between is read, as news', async () => {
  const all = span(1, 250);
  const { engine, told } = await seated({ chat: span(1, 50), last_no: 50 });
  let socket = await loses();
  const before = socket;
  await socket.says({ id: socket.sent.at(-1).id, err: { code: 'unknown_session', message: 'gone' } });
  socket = PlayedSocket.last;
  assert.notEqual(socket, before);
  await socket.opens();
  await socket.grants('hello', { heartbeat_ms: 20_000, limits: {} });
  await socket.grants('join', { ...snapshot({ epoch: 'e2', people: [], self: person('me2'), chat: span(201, 250), last_no: 250, more: true }), session: 's2', secret: '1.x', n: 1 });
  for (let asked = 0; asked < 5; asked += 1) {
    const wish = socket.sent.filter(({ type }) => type === 'chat_history')[asked];
    if (!wish) break;
    await socket.says({ id: wish.id, ok: await history(all)('', wish) });
  }
  await PlayedSocket.last.closes(4200);
  assert.equal(engine.mirror.chat.list.length, 250);
  assert.equal(news(told).filter(([, fresh]) => fresh).length, 200);
});

test('what was missed is read on after a second loss, by delta too', async () => {
  const all = span(1, 350);
  const { engine, told } = await seated({ chat: span(1, 50), last_no: 50 });
  let socket = await loses();
  await socket.grants('resume', { mode: 'snapshot', session: 's', secret: '2.x', n: 2, snapshot: snapshot({ people: [], chat: span(51, 150), more: true }), epoch: 'e2', seq: 900, last_no: 350 });
  assert.ok(socket.types().includes('chat_history'));
  socket = await loses();
  await socket.grants('resume', { mode: 'delta', session: 's', secret: '3.x', n: 3, events: [], epoch: 'e2', seq: 900, last_no: 350 });
  for (let asked = 0; asked < 6; asked += 1) {
    const wish = socket.sent.filter(({ type }) => type === 'chat_history')[asked];
    if (!wish) break;
    await socket.says({ id: wish.id, ok: await history(all)('', wish) });
  }
  await PlayedSocket.last.closes(4200);
  assert.deepEqual(engine.mirror.chat.list.map(({ no }) => no), all.map(({ no }) => no));
  assert.equal(news(told).filter(([, fresh]) => fresh).length, 300);
});

test('who was muted while away stays muted', async () => {
  const on = { audio: true, video: false, screen: false };
  const { engine, told, media } = await seated({ self: person('me', { media: { ...MEDIA, audio: true } }) }, { media: on });
  const socket = await loses();
  await socket.grants('resume', { mode: 'snapshot', session: 's', secret: '2.x', n: 2, snapshot: snapshot({ people: [] }), epoch: 'e1', seq: 900, last_no: 0 });
  await settle();
  await PlayedSocket.last.closes(4200);
  assert.equal(media.audio, false);
  assert.deepEqual(told.filter(([type]) => type === 'muted').map(([, { source, self }]) => [source, self]), [['audio', true]]);
  assert.deepEqual(socket.sent.filter(({ type, audio }) => type === 'set_media' && audio), [], 'not even for a moment');
});

test('who was muted while away, and hears of it by a delta, is not said to be on for a moment', async () => {
  const on = { audio: true, video: false, screen: false };
  const { engine, media } = await seated({ self: person('me', { media: { ...MEDIA, audio: true } }) }, { media: on });

  const socket = await loses();
  const events = [{ type: 'muted', epoch: 'e1', seq: 11, peer: 'me', source: 'audio', by: 'ana' }];
  await socket.grants('resume', { mode: 'delta', session: 's', secret: '2.x', n: 2, events, epoch: 'e1', seq: 11, last_no: 0 });
  await settle();
  await PlayedSocket.last.closes(4200);
  assert.equal(media.audio, false);
  assert.deepEqual(socket.sent.filter(({ type, audio }) => type === 'set_media' && audio), []);
});

test('what is asked of a sender while the connection is lost is asked after it', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const asked = [];
  let online = true;
  const room = new Mirror();
  room.load(snapshot({ people: [person('ana', { media: { ...MEDIA, video: true } })] }));
  const links = new Links({ mirror: room, media: {}, tell() {}, online: () => online, refused() {},
    request: async (_, { to, body }) => { if (!online) throw Object.assign(new Error(), { code: 'disconnected' }); asked.push(`${to} ${body.convene.video}`); } });
  links.add(room.person('ana'), { offer: false });
  const visible = async (on) => { if (on) links.hidden.delete('ana'); else links.hidden.add('ana'); links.review(); mock.timers.tick(100); await settle(); };
  await visible(false);
  online = false;
  await visible(true);
  online = true;
  links.resume(false);
  await settle();
  mock.timers.reset();
  assert.deepEqual(asked, ['ana pause', 'ana resume']);
});

test('more messages than the server takes at once are sent, in order', async () => {
  let left = 10;
  const sent = [];
  let online = false;
  const outbox = new Outbox(async ({ client_id }) => {
    if (!online) throw Object.assign(new Error(), { code: 'disconnected' });
    if (left-- <= 0) { left = 1; throw Object.assign(new Error(), { code: 'rate_limited', retry_after_ms: 5 }); }
    sent.push(client_id);
    return { message: client_id };
  }, () => {});
  const ids = Array.from({ length: 14 }, (_, at) => `c${at}`);
  const answers = ids.map((client_id) => outbox.add({ client_id, text: 'x', to: null, reply_to: null }).then(() => 'sent', ({ code }) => code));
  await settle();
  online = true;
  outbox.flush([]);
  assert.deepEqual(await Promise.all(answers), ids.map(() => 'sent'));
  assert.deepEqual(sent, ids);
});

test('leaving does not wait for a server that is silent', async (t) => {
  const { engine } = await seated();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const left = engine.session.leave();
  t.mock.timers.tick(2_000);
  await left;
  assert.equal(engine.state, 'ended');
});
