//! What is composed around Socket.IO's library, to the letter of Engine.IO 4 and Socket.IO 5: paths, Origin, sessions, sizes, ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { Server } from './lib/server.mjs';
import { Page, meeting, person, within } from './lib/animo.mjs';

const FRIEND = 'https://old.example';
let server;
let bystander;
before(async () => {
  server = await Server.start({ 'http.allowed_origins': FRIEND, 'limits.trusted_sources': '127.0.0.0/8' });
  const { code } = await meeting(server, 'bystander-room');
  bystander = new Page(server, 'Bystander');
  await bystander.enters(code);
});
after(() => {
  bystander?.leave();
  return server?.stop();
});

async function gone(sid) {
  while ((await post(sid, '42["nothing"]')).status === 200) await new Promise((done) => setTimeout(done, 1000));
}

/** Somebody who does nothing wrong goes on as before. */
async function others() {
  const text = `still here ${Math.random()}`;
  bystander.say(text);
  await bystander.hears('chat-message', ([message]) => message.data === text);
}

const at = (query, path = '/socket.io/') => `${server.url}${path}?${query}`;
const POLL = 'EIO=4&transport=polling';

async function poll(sid, options = {}) {
  const answer = await fetch(at(`${POLL}${sid ? `&sid=${sid}` : ''}`), options);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const post = (sid, body, headers = { 'content-type': 'text/plain;charset=UTF-8' }) => poll(sid, { method: 'POST', body, headers });

/** A session by polling, in the namespace. */
async function session(headers = {}) {
  const opened = await poll('', { headers });
  assert.equal(opened.status, 200);
  const { sid } = JSON.parse(opened.text.slice(1));
  assert.equal((await post(sid, '40')).text, 'ok');
  let text = '';
  while (!text.includes('40{')) text = (await poll(sid)).text;
  return { sid, id: JSON.parse(text.split('\x1e').find((packet) => packet.startsWith('40{')).slice(2)).sid };
}

/** A WebSocket whose packets are awaited one by one; pings are answered. */
class Socket {
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

test('a handshake by polling says what both sides need to know', async () => {
  const { status, text, headers } = await poll('');
  const { sid, ...rest } = JSON.parse(text.slice(1));
  assert.deepEqual([status, text[0]], [200, '0']);
  assert.match(sid, /^[\w-]{16}\.[0-9a-f]{32}$/);
  assert.deepEqual(rest, { upgrades: ['websocket'], pingInterval: 25000, pingTimeout: 20000, maxPayload: 131072 });
  assert.equal(headers.get('content-type'), 'text/plain; charset=UTF-8');
});

test('a handshake by WebSocket says the same, and knows no upgrade', async () => {
  const socket = new Socket();
  const { upgrades, pingInterval, pingTimeout } = JSON.parse((await socket.next()).slice(1));
  assert.deepEqual([upgrades, pingInterval, pingTimeout], [[], 25000, 20000]);
  socket.ws.close();
});

test('both prefixes and both spellings of the path are the same wire', async () => {
  for (const path of ['/socket.io/', '/socket.io', '/backend/socket.io/', '/backend/socket.io']) {
    assert.equal((await fetch(at(POLL, path))).status, 200, path);
    const socket = new Socket(undefined, { path });
    await socket.connected();
    socket.ws.close();
  }
  for (const path of ['/socket.iox/', '/socket.io/x/', '/x/socket.io/']) assert.equal((await fetch(at(POLL, path))).status, 404, path);
});

test('what is wrong with a handshake is said by its code', async () => {
  for (const [query, method, code, message] of [
    ['EIO=4&transport=__proto__', 'GET', 0, 'Transport unknown'],
    ['EIO=4&transport=constructor', 'GET', 0, 'Transport unknown'],
    ['EIO=4', 'GET', 0, 'Transport unknown'],
    ['EIO=3&transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['EIO=9&transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['transport=polling', 'GET', 5, 'Unsupported protocol version'],
    [POLL, 'POST', 2, 'Bad handshake method'],
    [POLL, 'PUT', 2, 'Bad handshake method'],
    [POLL, 'OPTIONS', 2, 'Bad handshake method'],
    [`${POLL}&sid=AAAAAAAAAAAAAAAA`, 'GET', 1, 'Session ID unknown'],
    [`${POLL}&sid=%00`, 'GET', 1, 'Session ID unknown'],
    [`${POLL}&sid=`, 'GET', 1, 'Session ID unknown'],
    [`${POLL}&sid=AAAAAAAAAAAAAAAA.${'0'.repeat(32)}`, 'POST', 1, 'Session ID unknown'],
  ]) {
    const answer = await fetch(at(query), { method });
    assert.equal(answer.status, 400, query);
    assert.deepEqual(await answer.json(), { code, message }, `${method} ${query}`);
  }
  await others();
});

test('a foreign page gets in on neither transport', async () => {
  const own = new URL(server.url).host;
  for (const origin of ['https://evil.example', 'null', `${FRIEND}.evil`, 'http://old.example', `${FRIEND}:444`, 'https://xold.example', `https://${own}`]) {
    const answer = await poll('', { headers: { origin } });
    assert.deepEqual([answer.status, answer.text], [403, '{"code":4,"message":"Forbidden"}'], origin);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    const socket = new Socket(undefined, { origin });
    assert.equal(await socket.isEnded(), 'HTTP 403', origin);
  }
  for (const origin of [FRIEND, server.url]) {
    const answer = await poll('', { headers: { origin } });
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
    const socket = await new Socket(undefined, { origin }).connected();
    socket.ws.close();
  }
});

test('a pre-flight is answered before the library is asked', async () => {
  const ask = (origin) =>
    fetch(at(POLL), { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
  const allowed = await ask(FRIEND);
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get('access-control-allow-methods'), 'GET,POST');
  assert.equal(allowed.headers.get('access-control-allow-headers'), 'content-type');
  assert.equal(allowed.headers.get('access-control-allow-origin'), FRIEND);
  assert.equal((await ask('https://evil.example')).status, 403);
});

test('whoever knows a socket by its id cannot use its session', async () => {
  const { sid, id } = await session();
  assert.equal(sid.split('.')[0], id);
  for (const forged of [id, `${id}.`, `${id}.${'0'.repeat(32)}`, sid.slice(0, -1)]) {
    assert.deepEqual(JSON.parse((await poll(forged)).text), { code: 1, message: 'Session ID unknown' });
    assert.equal((await post(forged, '42["join-call",{}]')).status, 400);
  }
  assert.equal((await post(sid, '42["nothing"]')).text, 'ok', 'its own client goes on');
});

test('a session is bound to the user who opened it', async () => {
  const [ana, bob] = [await person(server, 'wire-ana'), await person(server, 'wire-bob')];
  const { sid } = await session({ cookie: ana.cookie });
  const other = await poll(sid, { headers: { cookie: bob.cookie } });
  assert.deepEqual([other.status, other.text], [403, '{"code":4,"message":"Forbidden"}']);
  const own = await poll(sid, { method: 'POST', body: '42["nothing"]', headers: { cookie: ana.cookie } });
  assert.equal(own.status, 200);
});

test('an upgrade begins with a probe and ends the polling', async () => {
  const { sid } = await session();
  const socket = new Socket(`EIO=4&transport=websocket&sid=${sid}`);
  await new Promise((done) => socket.ws.once('open', done));
  socket.ws.send('2probe');
  assert.equal(await socket.next(), '3probe');
  socket.ws.send('5');
  socket.ws.send('421["nothing"]');
  assert.match(await socket.next(), /^431\[\{"error":/);
  const after = await poll(sid);
  assert.equal(after.status, 400, 'its transport is another now');
  const twice = new Socket(`EIO=4&transport=websocket&sid=${sid}`);
  await twice.isEnded();
  socket.ws.send('422["nothing"]');
  assert.match(await socket.next(), /^432/, 'the first one goes on');
  socket.ws.close();
});

test('an upgrade that never ends is ended, and its session with it', async () => {
  const { sid } = await session();
  const socket = new Socket(`EIO=4&transport=websocket&sid=${sid}`);
  await new Promise((done) => socket.ws.once('open', done));
  socket.ws.send('2probe');
  await socket.next();
  await within(socket.ended, 'the end of the half upgrade', 20_000);
  assert.deepEqual(JSON.parse((await poll(sid)).text), { code: 1, message: 'Session ID unknown' });
  await others();
});

test('two polls at once end the session', async () => {
  const { sid } = await session();
  const first = poll(sid);
  await new Promise((done) => setTimeout(done, 100));
  const second = await poll(sid);
  assert.equal(second.status, 400);
  await first;
  assert.equal((await poll(sid)).status, 400);
  await others();
});

test('a request that is too large is refused on both transports', async () => {
  const { sid } = await session();
  assert.equal((await post(sid, `42["x","${'a'.repeat(131073)}"]`)).status, 413);
  const socket = await new Socket().connected();
  socket.ws.send(`42["x","${'a'.repeat(65536)}"]`);
  await socket.isEnded();
  await others();
});

test('a request of another type, and what is no packet, end the session', async () => {
  for (const body of ['9nonsense', '', '4', '42["x"', '42{}', '42[]', '42[7]', '4x', '\x1e\x1e']) {
    const { sid } = await session();
    await post(sid, body);
    await others();
  }
});

test('many packets come in one request', async () => {
  const { sid } = await session();
  const packets = Array.from({ length: 200 }, (_, number) => `42${number}["nothing"]`).join('\x1e');
  assert.equal((await post(sid, packets)).text, 'ok');
  const acks = [];
  while (acks.length < 200) acks.push(...(await poll(sid)).text.split('\x1e').filter((packet) => packet.startsWith('43')));
  assert.deepEqual(acks.map((ack) => parseInt(ack.slice(2), 10)), [...acks.keys()]);
});

test('whoever asks for an answer gets one, whatever was sent', async () => {
  const socket = await new Socket().connected();
  let id = 0;
  for (const event of ['["nothing"]', '["join-call"]', '["join-call",7]', '["join-call",{"roomID":{"$ne":""}}]', '["signal",{},{}]', '["toggle-media",null]', '["chat-message",null,null]', '["connect"]', '["disconnect"]']) {
    id += 1;
    socket.ws.send(`42${id}${event}`);
    assert.equal(await socket.next(), `43${id}[{"error":"no such event, or not in this shape"}]`, event);
  }
  socket.ws.send('4277["leave-call"]');
  assert.equal(await socket.next(), '4377[{"ok":true}]');
  socket.ws.close();
});

test('an answer to what was never asked is passed over', async () => {
  const socket = await new Socket().connected();
  for (const packet of ['43999["x"]', '439223372036854775807[]']) socket.ws.send(packet);
  socket.ws.send('421["nothing"]');
  assert.match(await socket.next(), /^431/);
  socket.ws.send('43[]');
  await socket.isEnded();
  await others();
});

test('there is one namespace', async () => {
  const socket = await new Socket().connected();
  socket.ws.send('40/admin,');
  assert.equal(await socket.next(), '44/admin,{"message":"Invalid namespace"}');
  socket.ws.send('42/admin,["join-call",{}]');
  socket.ws.send('421["nothing"]');
  assert.match(await socket.next(), /^431/);
  const large = await new Socket().connected();
  large.ws.send(`40/${'a'.repeat(70_000)},`);
  await large.isEnded();
});

test('a second CONNECT runs nothing twice', async () => {
  const socket = await new Socket().connected();
  socket.ws.send('40');
  socket.ws.send('421["nothing"]');
  assert.match(await socket.next(), /^431/);
  assert.equal(socket.packets.length, 0);
  socket.ws.close();
});

test('an event before CONNECT ends the connection, and so does silence', async () => {
  const early = new Socket();
  await early.next();
  early.ws.send('42["join-call",{}]');
  const silent = new Socket();
  await silent.next();
  await within(Promise.race([early.ended, silent.ended]), 'an end', 20_000);
  await within(silent.ended, 'the end of the silent one', 20_000);
  await others();
});

test('binary parts are taken together and refused; what breaks their order ends the connection', async () => {
  const socket = await new Socket().connected();
  socket.ws.send('451-1["signal",{"_placeholder":true,"num":0}]');
  socket.ws.send(Buffer.from([1, 2, 3]));
  assert.equal(await socket.next(), '431[{"error":"no such event, or not in this shape"}]');
  for (const packet of ['45999999-["x",{"_placeholder":true,"num":0}]', '45-1["x"]', '4599999999999999999999-["x"]']) {
    const other = await new Socket().connected();
    other.ws.send(packet);
    await other.isEnded();
  }
  const unasked = await new Socket().connected();
  unasked.ws.send(Buffer.from([1]));
  await unasked.isEnded();
  const broken = await new Socket().connected();
  broken.ws.send('451-["x",{"_placeholder":true,"num":0}]');
  broken.ws.send('42["text in between"]');
  broken.ws.send('421["nothing"]');
  await Promise.race([broken.next(), broken.ended]);
  socket.ws.close();
  await others();
});

test('a packet that is cut in the middle of a letter harms nobody', async () => {
  const opened = await poll('');
  const { sid } = JSON.parse(opened.text.slice(1));
  await fetch(at(`${POLL}&sid=${sid}`), { method: 'POST', body: Buffer.from([0x34, 0x32, 0x5b, 0x22, 0xc3]), headers: { 'content-type': 'text/plain' } });
  const socket = await new Socket().connected();
  socket.ws.send(`42["${'['.repeat(5000)}`);
  await socket.isEnded();
  const deep = new Socket();
  await deep.next();
  deep.ws.send(`40{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
  deep.ws.close();
  await others();
});

test('a client closes by a packet, a frame or a namespace left', async () => {
  const packet = await new Socket().connected();
  packet.ws.send('1');
  await packet.isEnded();
  const frame = await new Socket().connected();
  frame.ws.close();
  await frame.isEnded();
  const { sid } = await session();
  assert.equal((await post(sid, '1')).status, 200);
  assert.equal((await poll(sid)).status, 400);
  const left = await new Socket().connected();
  left.ws.send('41');
  await others();
  left.ws.send('40');
  assert.match(await left.next(), /^40\{/, 'and may come back');
  left.ws.close();
});

test('a client that answers no ping is gone, its polls too', async () => {
  const socket = await new Socket().connected();
  const { sid } = await session();
  const began = Date.now();
  const stalled = socket.ws.send.bind(socket.ws);
  socket.ws.send = (packet) => packet !== '3' && stalled(packet);
  await within(socket.ended, 'the end of one that does not answer', 60_000);
  assert.ok(Date.now() - began >= 15_000, 'not before its time');
  await within(gone(sid), 'the end of the session without polls', 60_000);
  await others();
});

test('a flood of events is cut off, and others go on', async () => {
  const socket = await new Socket().connected();
  const event = `42["chat-message",{"data":"${'x'.repeat(3000)}"}]`;
  for (let sent = 0; sent < 3000 && socket.ws.readyState === WebSocket.OPEN; sent += 1) socket.ws.send(event);
  await others();
  socket.ws.terminate();
});
