//! The SDK's session over a socket that the test plays: hello, join, resume, the answer to every kind of loss.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Session } from '../../web/sdk/v1/session.js';

/** A WebSocket whose other end is the test. */
class PlayedSocket {
  static OPEN = 1;
  static made = [];
  readyState = 0;
  sent = [];

  constructor() {
    PlayedSocket.made.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  closes(code) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  says(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  get last() {
    return this.sent.at(-1);
  }
  async grants(ok) {
    this.says({ id: this.last.id, ok });
    await settle();
  }
  async refuses(code) {
    this.says({ id: this.last.id, err: { code, message: code } });
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const socket = () => PlayedSocket.made.at(-1);
const seat = (n) => ({ session: 's', secret: `${n}.x`, n });
let told;
let session;
let secret;
let token;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  PlayedSocket.made = [];
  Object.assign(globalThis, { WebSocket: PlayedSocket, addEventListener() {}, removeEventListener() {} });
  globalThis.document = { addEventListener() {}, removeEventListener() {}, visibilityState: 'visible' };
  told = [];
  secret = null;
  token = null;
  const hooks = {
    hello: () => ({ ...(token && { token }) }),
    join: () => ({ room: 'abc', profile: { name: 'Ana' }, ...(secret && { owner_secret: secret }) }),
    joinAgain: ({ code }) => code === 'token_invalid' && secret !== null && ((secret = null), true),
    position: () => ({ epoch: 'e1', seq: 41, last_no: 17 }),
    joined: (_, again) => told.push(again ? 'joined again' : 'joined'),
    resumed: ({ mode }) => told.push(`resumed by ${mode}`),
    caughtUp: () => told.push('caught up'),
    push: ({ type }) => told.push(type),
    state: (state, attempt) => told.push(attempt > 0 ? `${state} ${attempt}` : state),
    ended: ({ reason }) => told.push(`ended: ${reason}`),
    note() {},
  };
  session = (kept) => new Session('ws://test', kept ?? null, hooks);
});

afterEach(() => mock.timers.reset());

/** Opens a session and seats it by a join. */
async function seated() {
  const made = session();
  const opened = made.open();
  socket().opens();
  await settle();
  await socket().grants({ heartbeat_ms: 20_000, limits: {} });
  await socket().grants(seat(1));
  await opened;
  told = told.filter((one) => one !== 'connecting');
  return made;
}

async function comesBack() {
  mock.timers.tick(5000);
  socket().opens();
  await settle();
}

test('hello, then join; what is pushed before is not for us', async () => {
  const made = session();
  const opened = made.open();
  socket().says({ type: 'reaction' });
  socket().opens();
  await settle();
  assert.deepEqual(socket().last, { id: 1, type: 'hello', protocol: 1, features: [] });
  await socket().grants({ heartbeat_ms: 20_000, limits: {} });
  assert.deepEqual([socket().last.type, socket().last.room], ['join', 'abc']);
  await socket().grants(seat(1));
  socket().says({ type: 'reaction' });
  await opened;
  assert.deepEqual(told, ['connecting', 'joined', 'connected', 'reaction']);
});

test('who shows a token shows it at every hello', async () => {
  token = 'abc123';
  await seated();
  assert.equal(socket().sent[0].token, 'abc123');
  socket().closes(4100);
  await comesBack();
  assert.deepEqual(socket().last, { id: 1, type: 'hello', protocol: 1, features: [], token: 'abc123' });
});

test('a join refused for a stale secret is tried without it, once', async () => {
  secret = 'cvo_stale';
  const made = session();
  const opened = made.open();
  const knock = async () => {
    socket().opens();
    await settle();
    await socket().grants({ heartbeat_ms: 20_000, limits: {} });
  };
  await knock();
  assert.equal(socket().last.owner_secret, 'cvo_stale');
  await socket().refuses('token_invalid');
  assert.equal(PlayedSocket.made.length, 2);
  await knock();
  assert.equal(socket().last.owner_secret, undefined);
  const refused = assert.rejects(opened, { code: 'token_invalid' });
  await socket().refuses('token_invalid');
  await refused;
  assert.equal(PlayedSocket.made.length, 2);
});

test('after a loss it resumes with its position, confirms the new secret, and then is caught up', async () => {
  await seated();
  socket().closes(1006);
  await comesBack();
  assert.deepEqual(socket().last, { id: 1, type: 'resume', session: 's', secret: '1.x', epoch: 'e1', seq: 41, last_no: 17 });
  await socket().grants({ ...seat(2), mode: 'delta' });
  socket().says({ type: 'offer' });
  assert.deepEqual(socket().last, { id: 2, type: 'resumed_ok', n: 2 });
  await socket().grants({});
  assert.deepEqual(told, ['joined', 'connected', 'reconnecting 1', 'resumed by delta', 'connected', 'offer', 'caught up']);
});

test('every further loss shows the latest secret', async () => {
  await seated();
  for (const n of [2, 3]) {
    socket().closes(4001);
    await comesBack();
    assert.equal(socket().last.secret, `${n - 1}.x`);
    await socket().grants({ ...seat(n), mode: 'delta' });
  }
});

test('what is asked while the socket is gone is refused as disconnected', async () => {
  const made = await seated();
  const asked = made.request('raise_hand');
  socket().closes(1006);
  await assert.rejects(asked, { code: 'disconnected' });
  await assert.rejects(made.request('raise_hand'), { code: 'disconnected' });
});

test('a frame that the server would close for is refused here', async () => {
  const made = await seated();
  await assert.rejects(made.request('chat_send', { text: 'ä'.repeat(40_000) }), { code: 'too_large' });
  const fits = made.request('chat_send', { text: 'a'.repeat(40_000) });
  await socket().grants({ no: 1 });
  assert.deepEqual(await fits, { no: 1 });
});

test('a forgotten seat is joined anew', async () => {
  await seated();
  socket().closes(1006);
  await comesBack();
  await socket().refuses('unknown_session');
  socket().opens();
  await settle();
  await socket().grants({ heartbeat_ms: 20_000, limits: {} });
  await socket().grants(seat(1));
  assert.deepEqual(told.slice(-2), ['joined again', 'connected']);
});

test('a close of 41xx joins anew without asking for the old seat', async () => {
  await seated();
  socket().closes(4100);
  await comesBack();
  assert.equal(socket().last.type, 'hello');
});

test('a close of 42xx or 43xx is the end, and nothing is tried again', async () => {
  for (const [code, reason] of [[4200, 'kicked'], [4202, 'room_ended'], [4302, 'fault']]) {
    await seated();
    const made = PlayedSocket.made.length;
    socket().closes(code);
    mock.timers.tick(60_000);
    assert.equal(told.at(-1), `ended: ${reason}`);
    assert.equal(PlayedSocket.made.length, made);
  }
});

test('an announced end waits for the answers that are due, and for the close behind them', async () => {
  const made = await seated();
  const ending = made.request('end');
  made.finish({ reason: 'room_ended', by: 'ana' });
  await socket().grants({ no: 7 });
  assert.deepEqual(await ending, { no: 7 });
  assert.equal(told.at(-1), 'connected');
  socket().closes(4202);
  assert.equal(told.at(-1), 'ended: room_ended');

  (await seated()).finish({ reason: 'room_ended' });
  mock.timers.tick(7_000);
  assert.equal(told.at(-1), 'ended: room_ended');
});

test('a server in trouble is asked again, later and later', async () => {
  await seated();
  socket().closes(4004);
  for (const attempt of [2, 3]) {
    await comesBack();
    await socket().refuses('unavailable');
    assert.equal(told.at(-1), `reconnecting ${attempt}`);
  }
});

test('an ended room is the end of a resume', async () => {
  await seated();
  socket().closes(1006);
  await comesBack();
  await socket().refuses('ended');
  assert.equal(told.at(-1), 'ended: room_ended');
});

test('a first join that is refused fails with the word of the server, an unreachable server at once', async () => {
  const full = session().open();
  socket().opens();
  await settle();
  await socket().grants({ heartbeat_ms: 20_000, limits: {} });
  socket().says({ id: socket().last.id, err: { code: 'room_full', message: 'full' } });
  await assert.rejects(full, { code: 'room_full' });

  const away = session().open();
  socket().closes(1006);
  await assert.rejects(away, { code: 'unreachable' });
});

test('a reloaded page begins with its kept seat, and waits for a server that is away', async () => {
  const opened = session(seat(4)).open();
  socket().closes(1006);
  await comesBack();
  assert.equal(socket().last.type, 'resume');
  await socket().grants({ ...seat(5), mode: 'snapshot' });
  await opened;
});

test('a server that is silent for longer than its heartbeat and some is left, and resumed', async () => {
  await seated();
  mock.timers.tick(30_000);
  socket().says({ type: 'heartbeat' });
  mock.timers.tick(30_000);
  assert.equal(told.at(-1), 'heartbeat');
  mock.timers.tick(6_000);
  assert.equal(told.at(-1), 'reconnecting 1');
});
