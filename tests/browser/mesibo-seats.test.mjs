//! mesibo's library around seats that come and go: joined twice, given up, left, come back to under another address.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const HOME = new URL('../../web/mesibo/', import.meta.url).href;
Object.assign(globalThis, {
  MediaStream: class { getVideoTracks() { return []; } getAudioTracks() { return []; } },
  addEventListener() {}, removeEventListener() {},
});
globalThis.document = { currentScript: { src: `${HOME}mesibo.js` }, addEventListener() {}, removeEventListener() {}, visibilityState: 'visible', createElement: () => ({ play: async () => {} }) };
await import('../../web/mesibo/mesibo.js');
const { Live, Messages } = await import('../../web/mesibo/live.js');
const { Convene } = await import('../../web/sdk/v1.js');
const { Book } = await import('../../web/mesibo/book.js');
/** Lets everything go on that waits for nothing. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

class Meeting {
  heard = {}; people = new Map(); messages = []; left = 0; state = 'connected';
  self = { peer: 'me', name: 'Me' };
  media = { on: () => () => {}, audio: true, video: true, screen: false, problems: {}, cameraStream: new MediaStream(), screenStream: new MediaStream() };
  on(type, listener) { (this.heard[type] ??= []).push(listener); return () => {}; }
  says(type, detail) { for (const one of this.heard[type] ?? []) one(detail); }
  async leave() { this.left += 1; await this.leaving; this.says('state', { state: 'ended', ending: { reason: 'left' } }); }
  can = () => true;
  setAudio = async () => true; setVideo = async () => true; shareScreen = async () => true; setVisible() {}
  remote() {}
  async markRead() {}
}
function room(more = {}) {
  const told = [];
  const listener = new Proxy({}, { get: (_, name) => (it, ...said) => told.push([name, it?.id ?? it?.getName?.() ?? it, ...said].join(' ')) });
  const account = { name: 'Me', token: 'x', status: 0, listener, calls: [], tellStatus() {}, entered: Promise.resolve(), ...more };
  const messages = new Messages(account);
  const call = { gid: 5000, listener, account, make: (it) => (it.stream = { id: it.address + it.type, getName: () => it.name }) };
  account.calls.push(call);
  return { live: new Live(call), account, told, messages, call };
}
const own = () => ({ id: 256, type: 0, name: '', address: '', local: true, source: 0, listener: null, data: null, view: null, called: true, connected: false, talking: false, muted: { audio: false, video: false }, off: {} });

test('who joins, leaves and joins before it is known takes one seat', async () => {
  let enter;
  const { live } = room({ entered: new Promise((resolve) => (enter = resolve)) });
  const made = [];
  Convene.join = async () => { made.push(new Meeting()); return made.at(-1); };
  live.join(); void live.leave(); live.join();
  enter();
  await settle();
  assert.equal(made.filter(({ left }) => left === 0).length, 1, 'seats that stay');
});

test('a refusal of a join that was given up takes nothing from the next', async () => {
  const { live } = room();
  const joins = [];
  Convene.join = () => new Promise((resolve, reject) => joins.push({ resolve, reject }));
  live.join(); await settle();
  void live.leave();
  live.join(); await settle();
  joins[0].reject(Object.assign(new Error(), { code: 'room_full' })); await settle();
  const meeting = new Meeting();
  joins[1].resolve(meeting); await settle();
  assert.deepEqual([live.meeting === meeting, meeting.left], [true, 0]);
});

test('the end of an earlier call ends no later one, and nothing of it is heard after leaving', async () => {
  const { live } = room();
  const made = [];
  Convene.join = async () => { made.push(new Meeting()); return made.at(-1); };
  live.join(); await settle();
  let gone;
  made[0].leaving = new Promise((resolve) => (gone = resolve));
  void live.leave();
  made[0].says('peer', { person: { peer: 'bo', name: 'Bo', link: 'full', rights: [], media: {} } });
  live.join(); await settle();
  gone(); await settle();
  assert.equal(live.meeting, made[1]);
});

test('calling, hanging up and calling again before there is a seat connects once', async () => {
  const { live, told } = room();
  let seat;
  Convene.join = () => new Promise((resolve) => (seat = resolve));
  const it = own(); it.stream = { getName: () => 'own' };
  void live.call(it); await settle();
  it.called = false; void live.hangUp(it);
  it.called = true; void live.call(it);
  seat(new Meeting()); await settle();
  assert.equal(told.filter((line) => line.startsWith('MesiboGroupcall_OnConnected')).length, 1, told.join('\n'));
});

test('what is read in one room is read in that one', () => {
  const book = new Book();
  const mine = { groupid: 5000, peer: '', message: 'one', ts: 1, status: 0 };
  book.sends(mine, 'c1');
  book.settles('c1', { message: 'm1', no: 3, at: '2026-11-21T10:00:00.000Z' }, 5000);
  assert.deepEqual(book.reads('bob', 40, 6000), []);
  assert.deepEqual(book.reads('bob', 40, 5000), [mine]);
});

test('a message whose acknowledgement was lost, and that was read meanwhile, is read', async () => {
  const { live, messages, told } = room();
  const meeting = new Meeting();
  Convene.join = async () => meeting;
  live.join(); await settle();
  let ack;
  meeting.send = (text, { client_id }) => { meeting.cid = client_id; return new Promise((resolve) => (ack = resolve)); };
  const m = { groupid: 5000, peer: '', message: 'hi', id: 1, flag: 0 };
  void messages.send(m); await settle();
  // a delta: one's own message, and that it was read, before the outbox hears that it arrived
  const said = { message: 'm7', no: 7, from: 'me', name: 'Me', text: 'hi', to: null, at: '2026-11-21T10:00:00.000Z', deleted: false, client_id: meeting.cid };
  meeting.says('chat', { message: said, fresh: true });
  meeting.says('read', { peer: 'bo', no: 7 });
  ack({ message: 'm7', no: 7, at: said.at }); await settle();
  assert.equal(m.status, 3, told.join('\n'));
});

test('own talking is told after a fresh seat', async () => {
  const { live, told } = room();
  const meeting = new Meeting();
  Convene.join = async () => meeting;
  const it = own(); it.stream = { getName: () => 'own' };
  await live.call(it);
  meeting.self = { peer: 'me2', name: 'Me' };
  meeting.says('joined', { again: true });
  meeting.says('speaking', { peers: new Set(['me2']) });
  assert.ok(it.talking, told.join('\n'));
});

test('who only watched is told as gone when one leaves', async () => {
  const { live, told } = room();
  const meeting = new Meeting();
  meeting.people.set('eve', { peer: 'eve', name: 'Eve', link: 'none', rights: [], media: {} });
  Convene.join = async () => meeting;
  live.join(); await settle();
  await live.leave();
  assert.deepEqual(told.filter((line) => line.includes('Subscriber')).map((line) => line.split(' ').at(-1)), ['true', 'false']);
});
