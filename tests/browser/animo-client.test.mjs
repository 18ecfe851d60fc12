//! The official client of Socket.IO 4.8 drives Animo Meet's flows, on each of its transports.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from './lib/server.mjs';
import { Page, ask, meeting, person, within } from './lib/animo.mjs';

const MODES = {
  'polling, then the upgrade': undefined,
  'polling only': ['polling'],
  'websocket only': ['websocket'],
};

let server;
before(async () => {
  server = await Server.start({ 'limits.trusted_sources': '127.0.0.0/8' });
});
after(() => server?.stop());

let rooms = 0;
const newRoom = async () => (await meeting(server, `room-${++rooms}`)).code;

test('the official client joins, signals, toggles, chats and leaves on every transport', async (t) => {
  for (const [mode, transports] of Object.entries(MODES)) {
    await t.test(mode, async () => {
      const room = await newRoom();
      const ana = new Page(server, 'Ana', { transports });
      const [own] = await ana.enters(room);
      assert.deepEqual(own.clients, [ana.id]);
      if (!transports) await ana.upgraded();
      assert.equal(ana.transport, transports?.[0] ?? 'websocket');
      const bob = new Page(server, 'Bob', { transports, objects: false });
      const [joined] = await bob.enters(room);
      assert.deepEqual(joined, {
        id: bob.id,
        clients: [ana.id, bob.id],
        username: 'Bob_guest',
        name: 'Bob (Guest)',
        usernamesMap: { [ana.id]: 'Ana_guest', [bob.id]: 'Bob_guest' },
        namesMap: { [ana.id]: 'Ana (Guest)', [bob.id]: 'Bob (Guest)' },
        peerAudioEnabled: true,
        peerAudioAvailable: true,
        peerVideoEnabled: true,
        peerVideoAvailable: true,
      });
      assert.deepEqual(await ana.hears('user-joined'), [joined]);
      const offer = JSON.stringify({ sdp: { type: 'offer', sdp: `v=0\r\n${'a=x\r\n'.repeat(4000)}` } });
      bob.socket.emit('signal', ana.id, offer);
      assert.deepEqual(await ana.hears('signal'), [bob.id, offer]);
      const flags = { peerVideoEnabled: false, peerVideoAvailable: true, peerAudioEnabled: true, peerAudioAvailable: true };
      ana.socket.emit('toggle-media', { roomId: room, ...flags });
      assert.deepEqual(await bob.hears('user-media-update'), [{ userId: ana.id, ...flags }]);
      ana.say('hello', 1_750_000_000_000);
      const said = { sender: 'Ana (Guest)', data: 'hello', time: 1_750_000_000_000, socketIdSender: ana.id };
      assert.deepEqual(await ana.hears('chat-message'), [said]);
      assert.deepEqual(await bob.hears('chat-message'), [said], 'who has not written yet gets what the room has heard');
      bob.say('hi', 1_750_000_000_001);
      assert.deepEqual(await bob.hears('chat-message'), ['Bob (Guest)', 'hi', 1_750_000_000_001, bob.id]);
      assert.deepEqual(await ana.hears('chat-message'), [{ sender: 'Bob (Guest)', data: 'hi', time: 1_750_000_000_001, socketIdSender: bob.id }]);
      ana.say('you too', 1_750_000_000_002);
      assert.deepEqual(await bob.hears('chat-message'), ['Ana (Guest)', 'you too', 1_750_000_000_002, ana.id], 'the others as one writes oneself');
      const id = bob.id;
      bob.leave();
      assert.deepEqual(await ana.hears('user-left'), [id, 'Bob_guest']);
      ana.say('alone');
      await ana.hears('chat-message', ([message]) => message.data === 'alone');
      assert.equal(ana.count('user-left'), 0, 'once is enough');
      assert.equal(ana.count('user-media-update'), 0, 'nothing of oneself');
      ana.leave();
    });
  }
});

test('a lost connection is left at once and comes back as a new socket on every transport', async (t) => {
  for (const [mode, transports] of Object.entries(MODES)) {
    await t.test(mode, async () => {
      const room = await newRoom();
      const ana = new Page(server, 'Ana', { transports });
      await ana.enters(room);
      const bob = new Page(server, 'Bob', { transports });
      await bob.enters(room);
      if (!transports) await bob.upgraded();
      const before = bob.id;
      const again = new Promise((done) => bob.socket.once('disconnect', () => bob.socket.once('connect', done)));
      bob.socket.io.engine.close();
      assert.deepEqual(await ana.hears('user-left'), [before, 'Bob_guest']);
      // the client takes that as its own wish; its page connects anew
      bob.socket.connect();
      await within(again, 'Bob comes back');
      assert.notEqual(bob.id, before);
      const [joined] = await bob.enters(room);
      assert.deepEqual(joined.clients, [ana.id, bob.id]);
      for (const page of [ana, bob]) page.leave();
    });
  }
});

test('events keep their order, 2,000 of them, on every transport', async (t) => {
  for (const [mode, transports] of Object.entries(MODES)) {
    await t.test(mode, async () => {
      const room = await newRoom();
      const ana = new Page(server, 'Ana', { transports });
      await ana.enters(room);
      const bob = new Page(server, 'Bob', { transports });
      await bob.enters(room);
      const numbers = [];
      const all = new Promise((done) => {
        ana.socket.on('signal', (_, number) => {
          numbers.push(number);
          if (numbers.length === 2000) done();
        });
      });
      for (let number = 0; number < 2000; number += 1) bob.socket.emit('signal', ana.id, number);
      await within(all, '2,000 signals', 60_000);
      assert.deepEqual(numbers, [...numbers.keys()]);
      for (const page of [ana, bob]) page.leave();
    });
  }
});

test('a server that is started anew is found again', async () => {
  const own = await Server.start();
  try {
    const { code } = await meeting(own);
    const ana = new Page(own, 'Ana');
    await ana.enters(code);
    const before = ana.id;
    const again = new Promise((done) => ana.socket.once('disconnect', () => ana.socket.once('connect', done)));
    await own.drain();
    await own.up();
    await within(again, 'Ana comes back by itself', 30_000);
    assert.notEqual(ana.id, before);
    const [joined] = await ana.enters(code);
    assert.deepEqual(joined.clients, [ana.id]);
    ana.leave();
  } finally {
    await own.stop();
  }
});

test('the flow of the real client: guest, account, meeting, call', async () => {
  assert.equal((await ask(server, 'GET', '/users/verify-user')).status, 401);
  const ana = await person(server, 'ana');
  assert.deepEqual((await ask(server, 'GET', '/meeting/prev-meets/ana', { token: ana.token })).body, []);
  const made = await ask(server, 'POST', '/meeting/create-meet/ana-room-one', { cookie: ana.cookie, origin: server.url, body: {} });
  assert.equal(made.status, 200);
  const found = await ask(server, 'GET', '/meeting/check-meet/ana-room-one', { cookie: ana.cookie });
  assert.deepEqual(found.body.meeting, { meetingCode: 'ana-room-one', hostUsername: 'ana', coHostUsernames: [] });
  const page = new Page(server, 'whoever', { headers: { cookie: ana.cookie } });
  const [joined] = await page.enters('ana-room-one');
  assert.equal(joined.username, 'ana');
  page.leave();
  assert.equal((await ask(server, 'POST', '/users/logout', { cookie: ana.cookie, origin: server.url })).status, 200);
  assert.equal((await ask(server, 'GET', '/users/verify-user', { cookie: ana.cookie })).status, 401);
});

test('both prefixes lead to the same room', async () => {
  const room = await newRoom();
  const ana = new Page(server, 'Ana');
  await ana.enters(room);
  const bob = new Page(server, 'Bob', { path: '/backend/socket.io/' });
  const [joined] = await bob.enters(room);
  assert.deepEqual(joined.clients, [ana.id, bob.id]);
  await bob.upgraded();
  for (const page of [ana, bob]) page.leave();
});
