//! The SDK's watch over one link: who restarts ICE and when, what it does when frames stay out, when it begins anew.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Repair } from '../../web/sdk/v1/repair.js';

let clock;
let done;
let link;
let repair;

beforeEach(() => {
  clock = 0;
  done = [];
  link = {
    peer: 'bo',
    person: { state: 'here' },
    polite: false,
    state: 'connected',
    pc: { remoteDescription: {}, restartIce: () => done.push('restart') },
    exchange: { out: null },
    call: { online: () => true, request: async (type) => done.push(type) },
    run: (_, step) => step(),
    start: () => done.push('anew'),
    reoffer: () => done.push('offer again'),
  };
  repair = new Repair(link, () => clock);
});

function becomes(state) {
  link.state = state;
  repair.stateChanged();
}

function after(seconds) {
  clock += seconds * 1000;
  repair.tend();
}

test('the impolite side restarts at once, and again only after a while', () => {
  becomes('failed');
  assert.deepEqual(done, ['restart']);
  after(5);
  assert.deepEqual(done, ['restart']);
  after(8);
  assert.deepEqual(done, ['restart', 'restart']);
});

test('the polite side asks the other first, and does it itself when nothing comes', () => {
  link.polite = true;
  becomes('failed');
  after(4);
  assert.deepEqual(done, ['ice_restart']);
  after(2);
  assert.deepEqual(done, ['ice_restart', 'restart']);
});

test('nothing is tried without the server or while the other is away, and at once when they are back', () => {
  link.call.online = () => false;
  becomes('failed');
  after(60);
  link.call.online = () => true;
  link.person.state = 'away';
  after(60);
  assert.deepEqual(done, []);
  link.person.state = 'here';
  after(0);
  assert.deepEqual(done, ['restart']);
});

test('a link that is only disconnected is left to heal by itself', () => {
  becomes('disconnected');
  after(60);
  becomes('connected');
  assert.deepEqual(done, []);
});

test('a connection that comes back forgets the failure', () => {
  becomes('failed');
  becomes('connected');
  after(60);
  assert.deepEqual(done, ['restart']);
});

test('after restarts that did not help it begins anew', () => {
  becomes('failed');
  for (let tries = 0; tries < 4; tries += 1) after(13);
  assert.deepEqual(done, ['restart', 'restart', 'restart', 'restart', 'anew']);
});

test('an acknowledged offer without an answer is offered again; one still on its way is waited for', () => {
  link.exchange.out = { acked: false };
  repair.offered();
  after(60);
  assert.deepEqual(done, []);
  link.exchange.out.acked = true;
  after(0);
  assert.deepEqual(done, ['offer again']);
});

test('a newcomer whose offer never comes is offered to', () => {
  link.pc = null;
  after(9);
  assert.deepEqual(done, []);
  after(2);
  assert.deepEqual(done, ['anew']);
});

test('an offer that is just being taken in is not disturbed, however long it takes', () => {
  const steps = [];
  link.run = (_, step) => steps.push(step);
  link.pc = { remoteDescription: null };
  after(11);
  link.pc.remoteDescription = {};
  for (const step of steps) step();
  assert.deepEqual([steps.length, done], [1, []]);
});
