//! What a page missed while its connection was lost: read to the end, once, in order, told as news and as nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mirror } from '../../web/sdk/v1/mirror.js';
import { readBack, readMissed } from '../../web/sdk/v1/history.js';
import { history, message, news, ROOM, snapshot, span } from './lib/records.mjs';

const mirror = (of) => {
  const made = new Mirror();
  made.load(snapshot(of));
  return made;
};

test('in an ephemeral room what is said after a restart stands behind what was said before it, and is news', () => {
  const room = mirror({ room: { ...ROOM, chat: 'ephemeral' }, chat: [message(1, { at: 't1' }), message(2, { at: 't2' }), message(3, { at: 't3' })] });
  const again = message(1, { message: 'n1', at: 't4', text: 'again 1' });
  const told = room.load(snapshot({ epoch: 'e2', seq: 1, room: { ...ROOM, chat: 'ephemeral' }, chat: [again] }));
  room.apply({ type: 'chat_message', epoch: 'e2', seq: 2, message: message(2, { message: 'n2', at: 't5', text: 'again 2' }) });
  assert.deepEqual(room.chat.list.map(({ text }) => text), ['text 1', 'text 2', 'text 3', 'again 1', 'again 2']);
  assert.deepEqual(news(told), [[1, true]]);
});

test('reading what was missed that was cut off is gone on with at the next resume', async () => {
  const all = span(1, 350);
  const room = mirror({ chat: span(1, 50), last_no: 50 });
  const after = room.lastNo;
  room.load(snapshot({ epoch: 'e2', last_no: 350, chat: span(51, 150), more: true }));
  const gone = async () => { throw Object.assign(new Error(), { code: 'disconnected' }); };
  const todo = { reloaded: false, more: true, since: after, after: 150 };
  assert.equal(await readMissed({ mirror: room, request: gone, tell() {} }, todo), false);
  assert.equal(await readMissed({ mirror: room, request: history(all), tell() {} }, todo), true);
  assert.deepEqual(room.chat.list.map(({ no }) => no), all.map(({ no }) => no));
});

test('what was missed stays news when something is said while it is read', async () => {
  const all = span(1, 250);
  const room = mirror({ chat: span(1, 10), last_no: 10 });
  room.load(snapshot({ epoch: 'e2', last_no: 249, chat: span(11, 110), more: true }));
  const told = [];
  let pages = 0;
  const server = history(all);
  const request = async (type, fields) => {
    if (pages++ === 0) room.apply({ type: 'chat_message', epoch: 'e2', seq: 11, message: message(250) });
    return server(type, fields);
  };
  await readMissed({ mirror: room, request, tell: (some) => told.push(...news(some)) }, { reloaded: false, more: true, since: 10, after: 110 });
  assert.deepEqual(told.filter(([, fresh]) => !fresh), []);
});

test('a change of an old message leaves no hole in what can be read back', async () => {
  const all = span(1, 200);
  const room = mirror({ chat: span(151, 200), last_no: 200, more: true });
  room.chat.more = true;
  room.load(snapshot({ seq: 500, last_no: 201, chat: [message(60, { reactions: { x: ['ana'] } })] }));
  const reader = { mirror: room, request: history(all), tell() {} };
  await readMissed(reader, { reloaded: false, more: false, since: 200, after: 200 });
  for (let round = 0; round < 10 && room.chat.more; round += 1) await readBack(reader, 50);
  assert.equal(room.chat.list.length, 200);
});

test('a read mark moves no position of the history', () => {
  const room = mirror({ last_no: 5 });
  room.apply({ type: 'chat_read', epoch: 'e1', seq: 11, peer: 'ana', no: 9_000_000 });
  assert.equal(room.lastNo, 5);
});

test('what was said and deleted meanwhile is no news', () => {
  const room = mirror({ chat: [message(1)] });
  assert.deepEqual(news(room.load(snapshot({ epoch: 'e2', chat: [message(2, { deleted: true, text: '' })] }))), [[2, false]]);
});
