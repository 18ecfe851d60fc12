//! The pure parts of the library for mesibo's pages: its names, who publishes what, messages, and what waits until it is loaded.
import assert from 'node:assert/strict';
import { before, beforeEach, mock, test } from 'node:test';

const HOME = new URL('../../web/mesibo/', import.meta.url).href;
let people;
let book;

before(async () => {
  globalThis.document = { currentScript: { src: `${HOME}mesibo.js` } };
  await import('../../web/mesibo/mesibo.js');
  people = await import('../../web/mesibo/people.js');
  book = await import('../../web/mesibo/book.js');
});

const MAY = ['publish_audio', 'publish_video', 'publish_screen', 'subscribe', 'chat'];
const person = (peer, more = {}) => ({ peer, name: peer, link: 'full', rights: MAY, media: { audio: true, video: true, screen: false }, ...more });
const what = (told) => told.map(([word, it]) => `${word} ${it.name} ${it.type}`);

test('the names of the library are there at once, with the numbers that pages know', () => {
  const { MESIBO_STATUS_ONLINE, MESIBO_STATUS_AUTHFAIL, MESIBO_MSGSTATUS_RECEIVEDNEW, MESIBO_CALLSTATUS_COMPLETE } = globalThis;
  assert.deepEqual([MESIBO_STATUS_ONLINE, MESIBO_STATUS_AUTHFAIL, MESIBO_MSGSTATUS_RECEIVEDNEW, MESIBO_CALLSTATUS_COMPLETE], [1, 4, 0x12, 0x40]);
  assert.deepEqual([globalThis.MESIBOCALL_VIDEOSOURCE_SCREEN, globalThis.MESIBOCALL_HANGUP_REASON_REMOTE], [4, 2]);
  assert.equal(globalThis.array2String(new TextEncoder().encode('grüß dich'), 0, 6), 'grüß');
  const { configurable } = Object.getOwnPropertyDescriptor(globalThis, 'MESIBO_FLAG_DEFAULT');
  assert.ok(configurable, 'a page may have a constant of that name');
});

test('what it lacks it says once, and goes on', () => {
  const warned = mock.method(console, 'warn', () => {});
  const api = new globalThis.Mesibo();
  const another = new globalThis.Mesibo();
  assert.equal(api.createGroup('x'), undefined);
  another.createGroup('y');
  api.setupVideoCall('a', 'b', true);
  assert.deepEqual(warned.mock.calls.map(({ arguments: [line] }) => line), [
    'mesibo.js: Mesibo.createGroup is not offered by this server',
    'mesibo.js: Mesibo.setupVideoCall is not offered by this server',
  ]);
  warned.mock.restore();
});

test('credentials, rooms and messages are judged at once', () => {
  const api = new globalThis.Mesibo();
  assert.deepEqual([api.setCredentials('short'), api.setCredentials(null), api.setCredentials('a'.repeat(40))], [false, false, true]);
  assert.deepEqual([api.groupCall({}, 0), api.groupCall({}, undefined)], [null, null]);
  assert.equal(api.sendMessage({}, 1, 'to nobody'), globalThis.MESIBO_RESULT_FAIL);
  assert.deepEqual(api.readDbSession('', 0, null, () => {}).getMessages(), []);
  assert.ok(Number.isInteger(api.random()) && api.getConnectionStatus() === 0);
});

test('a publisher answers before anything is loaded', () => {
  const publisher = new globalThis.Mesibo().groupCall({}, '96734').createPublisher(0);
  assert.deepEqual([publisher.isLocal(), publisher.getType(), publisher.getMuteStatus(true), publisher.isTalking()], [true, 0, true, false]);
  publisher.call(true, false);
  assert.deepEqual([publisher.getMuteStatus(false), publisher.getMuteStatus(true)], [false, true]);
  publisher.toggleVideoMute();
  publisher.toggleAudioMute();
  assert.deepEqual([publisher.getMuteStatus(false), publisher.getMuteStatus(true)], [true, false]);
  assert.deepEqual([publisher.hangup(), publisher.hangup()], [true, false]);
});

test('a page of 2020 finds its names', () => {
  const live = new globalThis.Mesibo().initGroupCall();
  const publisher = live.getLocalParticipant(0, 'Ana', 'address');
  assert.deepEqual([publisher.getName(), publisher.muteStatus(true), publisher.isLocal()], ['Ana', true, true]);
  publisher.call({ audio: true, video: false }, 'video-publisher', () => {}, () => {});
  assert.deepEqual([publisher.muteStatus(false), publisher.muteStatus(true)], [false, true]);
  publisher.toggleMute(true);
  publisher.toggleMute(false);
  assert.deepEqual([publisher.muteStatus(false), publisher.muteStatus(true)], [true, false]);
});

test('a person is a publisher with a camera and perhaps a screen, each with a number of its own', () => {
  const room = new people.People();
  assert.deepEqual(what(room.update(person('ana'))), ['came ana 0']);
  assert.deepEqual(what(room.update(person('ana'))), []);
  assert.deepEqual(what(room.update(person('ana', { media: { audio: true, video: true, screen: true } }))), ['came ana 1']);
  room.update(person('bob'));
  const numbers = [...room.streams()].map(({ id, type }) => id | type);
  assert.equal(new Set(numbers).size, 3, 'pages put number and type into one');
  assert.ok(numbers.every((number) => number > 256), 'the first number is one\'s own');
  assert.deepEqual(what(room.update(person('ana'))), ['went ana 1']);
  assert.deepEqual(what(room.remove(person('ana'))), ['went ana 0']);
  assert.deepEqual(what(room.clear()), ['went bob 0']);
});

test('what somebody turns off is told with the rest of it', () => {
  const room = new people.People();
  const [[, it]] = room.update(person('ana'));
  assert.deepEqual(what(room.update(person('ana', { media: { audio: false, video: true, screen: false } }))), ['off ana 0']);
  assert.deepEqual(it.off, { audio: true, video: false });
  room.update(person('ana', { name: 'Anna', media: { audio: false, video: true, screen: false } }));
  assert.equal(it.name, 'Anna');
});

test('who may not publish, or has no means to, only watches', () => {
  const room = new people.People();
  const watches = { rights: ['subscribe', 'chat'] };
  assert.deepEqual(what(room.update(person('eve', watches))), ['watches eve 0']);
  assert.deepEqual(what(room.update(person('app', { link: 'none' }))), ['watches app 0']);
  assert.deepEqual(what(room.update(person('eve'))), ['came eve 0', 'watches no more eve 0']);
  assert.deepEqual(what(room.update(person('eve', watches))), ['went eve 0', 'watches eve 0']);
  assert.deepEqual(what(room.remove(person('eve', watches))), ['watches no more eve 0']);
});

const AT = '2026-11-21T10:00:00.000Z';
const message = (no, from, more = {}) => ({ message: `m${no}`, no, from, name: from, text: `text ${no}`, to: null, at: AT, deleted: false, client_id: `c${no}`, ...more });
const texts = ({ list }) => list.map((one) => one.message);
let messages;
let group;

beforeEach(() => {
  if (!book) return;
  messages = new book.Book();
  group = { gid: 96734, peer: '', list: [] };
  messages.open(group);
});

test('a message of the room is listed once, for the group or for the one it is with', () => {
  const bob = { gid: 0, peer: 'bob', list: [] };
  messages.open(bob);
  const record = messages.receives(message(1, 'bob'), 96734, 'me');
  assert.deepEqual([record.peer, record.groupid, record.status, record.ts], ['bob', 96734, 0x12, Date.parse(AT)]);
  assert.equal(messages.receives(message(1, 'bob'), 96734, 'me'), null);
  messages.receives(message(2, 'bob', { to: 'me' }), 96734, 'me');
  messages.receives(message(3, 'me', { to: 'bob' }), 96734, 'me');
  messages.receives(message(4, 'me'), 96734, 'me');
  assert.deepEqual([texts(group), texts(bob)], [['text 1', 'text 4'], ['text 2', 'text 3']]);
  const late = { gid: 96734, peer: '', list: [] };
  messages.open(late);
  assert.deepEqual(texts(late), texts(group));
});

test('what is read back goes before what is known', () => {
  messages.receives(message(2, 'bob', { at: '2026-11-21T10:00:02.000Z' }), 96734, 'me');
  messages.receives(message(1, 'bob', { at: '2026-11-21T10:00:01.000Z' }), 96734, 'me');
  assert.deepEqual(texts(group), ['text 1', 'text 2']);
});

test("one's own is the page's object from the first moment, sent, read, and never told as another's", () => {
  const mine = { groupid: 96734, peer: '', message: 'hello', ts: Date.parse(AT), status: 0 };
  messages.sends(mine, 'c9');
  assert.equal(group.list[0], mine);
  assert.equal(messages.receives(message(9, 'me', { client_id: 'c9' }), 96734, 'me'), null);
  assert.equal(mine.status, 1);
  assert.equal(messages.settles('c9', { message: 'm9', no: 9, at: AT }, 96734), false, 'known already');
  assert.deepEqual(messages.reads('bob', 8, 96734), []);
  assert.deepEqual(messages.reads('bob', 9, 96734), [mine]);
  assert.equal(mine.status, 3);
  assert.deepEqual(messages.reads('cy', 9, 96734), [], 'it is read already');
});

test('what could not be sent says so, what is edited or deleted follows', () => {
  const lost = { groupid: 96734, message: 'lost', ts: 0, status: 0 };
  messages.sends(lost, 'c1');
  assert.equal(messages.fails('c1', 0x80), lost);
  assert.equal(lost.status, 0x80);
  messages.receives(message(2, 'bob'), 96734, 'me');
  messages.changes({ message: 'm2', text: 'better', deleted: false });
  assert.deepEqual(texts(group), ['lost', 'better']);
  messages.changes({ message: 'm2', text: '', deleted: true });
  assert.deepEqual(texts(group), ['lost']);
});
