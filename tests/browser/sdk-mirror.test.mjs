//! The SDK's mirror of a room: snapshots and pushes merge so that nothing is lost and nothing comes twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mirror } from '../../web/sdk/v1/mirror.js';
import { Outbox } from '../../web/sdk/v1/outbox.js';
import { MEDIA, message, news, person, ROOM, snapshot } from './lib/records.mjs';

function mirror(of) {
  const made = new Mirror();
  made.load(snapshot(of));
  return made;
}
const push = (seq, type, fields, epoch = 'e1') => ({ type, epoch, seq, ...fields });
const types = (told) => told.map(([type]) => type);
const texts = (room) => room.chat.list.map(({ text }) => text);

test('a push is told once, its repetition never', () => {
  const room = mirror();
  const said = push(11, 'chat_message', { message: message(1) });
  assert.deepEqual(types(room.apply(said)), ['chat']);
  assert.equal(room.apply(said), 'known');
  assert.deepEqual(texts(room), ['text 1']);
  assert.deepEqual([room.seq, room.lastNo], [11, 1]);
});

test('seq may skip numbers, an old one is known, another epoch is a gap', () => {
  const room = mirror();
  assert.deepEqual(types(room.apply(push(15, 'reaction', { peer: 'ana', emoji: '👍' }))), ['reaction']);
  assert.equal(room.apply(push(12, 'reaction', { peer: 'ana', emoji: '👍' })), 'known');
  assert.equal(room.apply(push(16, 'reaction', { peer: 'ana', emoji: '👍' }, 'e2')), 'gap');
  assert.equal(room.seq, 15);
});

test('delta after delta: what overlaps is skipped, and the position moves behind each', () => {
  const room = mirror();
  const first = [push(11, 'chat_message', { message: message(1) }), push(12, 'chat_message', { message: message(2) })];
  const second = [first[1], push(13, 'chat_message', { message: message(3) })];
  for (const one of [...first, ...second]) room.apply(one);
  room.at({ seq: 20, last_no: 3 });
  assert.deepEqual(texts(room), ['text 1', 'text 2', 'text 3']);
  assert.equal(room.seq, 20);
});

test('a snapshot after a restart adds what is new to the chat, in order, and keeps the rest', () => {
  const room = mirror({ chat: [message(1), message(2)], last_no: 2 });
  const told = room.load(snapshot({ epoch: 'e2', seq: 3, last_no: 4, chat: [message(3), message(4), message(2)] }));
  assert.deepEqual(types(told), ['chat', 'chat']);
  assert.deepEqual(told.map(([, { fresh }]) => fresh), [true, true], 'said while we were away');
  assert.deepEqual(texts(room), ['text 1', 'text 2', 'text 3', 'text 4']);
  assert.deepEqual([room.epoch, room.seq, room.lastNo], ['e2', 3, 4]);
});

test('a snapshot tells who left, who came and who changed, and leaves the others the same objects', () => {
  const room = mirror({ people: [person('ana'), person('bo')] });
  const ana = room.person('ana');
  const told = room.load(snapshot({ people: [person('ana', { name: 'Ana B.' }), person('cy')] }));
  const short = told.map(([type, detail]) => [type, detail.person.peer]);
  assert.deepEqual(short, [['peerleft', 'bo'], ['change', 'ana'], ['peer', 'cy']]);
  assert.equal(room.person('ana'), ana);
  assert.equal(ana.name, 'Ana B.');
  assert.deepEqual([...room.people.keys()], ['ana', 'cy']);
});

test('messages read back stand before those that came since, and an edit read again changes the known one', () => {
  const room = mirror({ chat: [message(5)] });
  const older = room.readBack([message(3), message(4)]);
  assert.deepEqual(older.map(([, { fresh }]) => fresh), [false, false]);
  assert.deepEqual(texts(room), ['text 3', 'text 4', 'text 5']);
  assert.deepEqual(types(room.readBack([message(4), message(5, { text: 'better', edited_at: 't2' })])), ['chatchange']);
  assert.deepEqual(texts(room), ['text 3', 'text 4', 'better']);
});

test('what a page sees first is no news, and of what it missed only that behind what it knew', () => {
  const room = new Mirror();
  assert.deepEqual(news(room.load(snapshot({ chat: [message(2), message(4)] }))), [[2, false], [4, false]]);
  assert.deepEqual(news(room.load(snapshot({ epoch: 'e2', chat: [message(3), message(5)] }))), [[3, false], [5, true]]);
  assert.deepEqual(news(room.readBack([message(1), message(6)], { missed: true })), [[1, false], [6, true]]);
});

test('ephemeral chat keeps the order of its times, and messages of one time that of their ids', () => {
  const room = mirror();
  const at = (id, time) => message(null, { message: id, no: null, at: time, text: id });
  room.readBack([at('b', '2'), at('c', '2')]);
  room.readBack([at('a', '2'), at('z', '1'), at('b', '2')]);
  assert.deepEqual(texts(room), ['z', 'a', 'b', 'c']);
});

test('edit, delete and reactions change the message; of an unknown one nothing is told', () => {
  const room = mirror({ chat: [message(1)] });
  const [known] = room.chat.list;
  room.apply(push(11, 'chat_reaction', { message: 'm1', peer: 'bo', emoji: '👍', on: true, no: 2 }));
  room.apply(push(12, 'chat_reaction', { message: 'm1', peer: 'bo', emoji: '👍', on: true, no: 3 }));
  assert.deepEqual(known.reactions, { '👍': ['bo'] });
  room.apply(push(13, 'chat_reaction', { message: 'm1', peer: 'bo', emoji: '👍', on: false, no: 4 }));
  assert.deepEqual(known.reactions, {});
  room.apply(push(14, 'chat_edited', { message: 'm1', text: 'new', edited_at: 't2', no: 5 }));
  assert.equal(known.text, 'new');
  room.apply(push(15, 'chat_deleted', { message: 'm1', by: 'ana', no: 6 }));
  assert.deepEqual([known.text, known.deleted, room.lastNo], ['', true, 6]);
  assert.deepEqual(room.apply(push(16, 'chat_edited', { message: 'm99', text: 'x', edited_at: 't', no: 7 })), []);
});

test('hands are ranked by their time, and the ranks behind a lowered one move up', () => {
  const room = mirror({ people: [person('ana'), person('bo')] });
  room.apply(push(11, 'hand_raised', { peer: 'bo', since: '2026-01-01T00:00:01.000Z', rank: 1 }));
  room.apply(push(12, 'hand_raised', { peer: 'me', since: '2026-01-01T00:00:02.000Z', rank: 2 }));
  room.apply(push(13, 'hand_raised', { peer: 'ana', since: '2026-01-01T00:00:03.000Z', rank: 3 }));
  assert.deepEqual(room.hands.map(({ peer }) => peer), ['bo', 'me', 'ana']);
  const told = room.apply(push(14, 'participant_left', { peer: 'bo', reason: 'left' }));
  assert.deepEqual(types(told), ['hand', 'peerleft', 'change', 'change']);
  assert.deepEqual(room.hands.map(({ peer, hand }) => [peer, hand.rank]), [['me', 1], ['ana', 2]]);
});

test('one is polite as the snapshot says, and never to who comes later', () => {
  const room = mirror({ people: [person('ana', { polite: true })] });
  room.apply(push(11, 'participant_joined', { participant: person('bo', { polite: true }) }));
  assert.deepEqual([room.person('ana').polite, room.person('bo').polite], [true, false]);
});

test('a changed room keeps the keys and PINs that the push leaves out', () => {
  const room = mirror({ room: { ...ROOM, keys: { native: 'abc' }, pins: { pin: '1', spin: '2' } } });
  room.apply(push(11, 'room_changed', { room: { ...ROOM, name: 'Daily', version: 4 }, by: 'ana' }));
  assert.deepEqual([room.room.name, room.room.keys.native, room.room.pins.pin, room.lastNo], ['Daily', 'abc', '1', 4]);
});

test('being muted changes the flag and says whose it was', () => {
  const room = mirror({ self: person('me', { media: { ...MEDIA, audio: true } }) });
  const told = room.apply(push(11, 'muted', { peer: 'me', source: 'audio', by: 'ana' }));
  assert.deepEqual(types(told), ['change', 'muted']);
  assert.deepEqual([told[1][1].self, room.self.media.audio], [true, false]);
});

test('unacknowledged chat goes out again after a loss, under the same client id, and settles once', async () => {
  const sent = [];
  let online = false;
  const outbox = new Outbox(async (fields) => {
    sent.push(fields.client_id);
    if (!online) throw Object.assign(new Error('gone'), { code: 'disconnected' });
    return { message: 'm1', no: 1 };
  }, () => {});
  const answer = outbox.add({ client_id: 'c1', text: 'hello', to: null, reply_to: null });
  online = true;
  await Promise.resolve();
  outbox.flush([]);
  assert.deepEqual(await answer, { message: 'm1', no: 1 });
  assert.deepEqual([sent, outbox.list], [['c1', 'c1'], []]);
});

test('what is in the room already is not sent by a fresh seat', async () => {
  const sent = [];
  const outbox = new Outbox(async (fields) => sent.push(fields.client_id), () => {});
  outbox.restore([{ client_id: 'c1', text: 'a', to: null, reply_to: null }, { client_id: 'c2', text: 'b', to: null, reply_to: null }]);
  outbox.flush([message(1)]);
  await Promise.resolve();
  assert.deepEqual(sent, ['c2']);
});

test('a refusal reaches the sender with its client id', async () => {
  const outbox = new Outbox(async () => Promise.reject(Object.assign(new Error('no'), { code: 'storage_unavailable' })), () => {});
  const answer = outbox.add({ client_id: 'c7', text: 'hello', to: null, reply_to: null });
  await assert.rejects(answer, { code: 'storage_unavailable', client_id: 'c7' });
  assert.deepEqual(outbox.list, []);
});
