//! What is composed around Socket.IO's library, to the letter of Engine.IO 4 and Socket.IO 5: paths, Origin, sessions, upgrades, sizes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from './lib/server.mjs';
import { person, within } from './lib/animo.mjs';
import { POLL, Socket, at, begin, end, others, poll, post, session } from './lib/animo-wire.mjs';

const FRIEND = 'https://old.example';
let server;
before(async () => {
  server = await Server.start({ 'http.allowed_origins': FRIEND, 'limits.trusted_sources': '127.0.0.0/8' });
  await begin(server);
});
after(end);

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
  await new Promise((done) => setTimeout(done, 100)); // nothing tells a client that its poll has begun to wait
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

test('what is no packet ends the session, and a request of nothing does not', async () => {
  for (const body of ['9nonsense', '4', '42["x"', '42{}', '42[]', '42[7]', '4x', '\x1e\x1e']) {
    const { sid } = await session();
    await post(sid, body);
    assert.equal((await poll(sid)).status, 400, body);
    await others();
  }
  const { sid } = await session();
  for (const body of ['', '421["nothing"]']) assert.equal((await post(sid, body)).text, 'ok');
  assert.match((await poll(sid)).text, /^431/);
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
