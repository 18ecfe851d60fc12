//! What a host does reaches the media: mute, revoke and grant, viewers by PIN, kick and end; over the SDK without the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { does, hearsOf, joins, refusedWith, room, selfOf } from './lib/bare.mjs';
import { assertNoProblems, launch } from './lib/chromium.mjs';
import { hears, LIGHT, pictures, silent, until } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let server;
let browser;
let made;
let ana;
let bo;
let bosPeer;

before(async () => {
  server = await Server.start();
  browser = await launch({ flags: LIGHT });
  made = await room(browser, server, { name: 'Weekly' });
  ana = await joins(browser, server, { room: made.room.code, name: 'Ana', audio: true, video: true, owner_secret: made.owner_secret });
  bo = await joins(browser, server, { room: made.room.code, name: 'Bo', audio: true, video: true });
  bosPeer = await selfOf(bo);
  await pictures(ana, 1);
  await pictures(bo, 1);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const devices = (page) => page.evaluate(() => ({ audio: globalThis.meeting.media.audio, video: globalThis.meeting.media.video }));
const role = (page) => page.evaluate(() => globalThis.meeting.self.role);

test('whoever shows the secret is owner, who does not is participant', async () => {
  assert.deepEqual([await role(ana), await role(bo)], ['owner', 'participant']);
  assert.equal(await refusedWith(bo, 'kick', await selfOf(ana)), 'forbidden');
  assert.equal(await ana.evaluate(() => globalThis.meeting.room.pins.pin.length), 8);
  assert.equal(await bo.evaluate(() => globalThis.meeting.room.pins), undefined);
});

test("a host's mute turns the device off, and the person may turn it on again", async () => {
  await hears(ana);
  await does(ana, 'mute', bosPeer, 'audio');
  await hearsOf(bo, 'muted', { source: 'audio', self: true });
  await until(bo, () => !globalThis.meeting.media.audio);
  await silent(ana);
  await does(ana, 'askUnmute', bosPeer, 'audio');
  await hearsOf(bo, 'unmute_asked', { source: 'audio' });
  assert.equal(await does(bo, 'setAudio', true), true);
  await hears(ana);
});

test('a revoked camera goes dark for everyone and cannot be turned on, until it is granted again', async () => {
  await does(ana, 'revoke', bosPeer, ['publish_video']);
  await until(bo, () => !globalThis.meeting.media.video);
  await until(ana, (peer) => globalThis.meeting.remote(peer).camera.getVideoTracks().length === 0, bosPeer);
  assert.equal(await refusedWith(bo, 'setVideo', true), 'forbidden');
  assert.deepEqual(await devices(bo), { audio: true, video: false });
  await does(ana, 'grant', bosPeer, ['publish_video']);
  await until(bo, () => globalThis.meeting.can('publish_video'));
  assert.equal(await does(bo, 'setVideo', true), true);
  await until(ana, (peer) => globalThis.meeting.remote(peer).camera.getVideoTracks().length === 1, bosPeer);
  await pictures(ana, 1);
});

test('a closed policy takes the cameras of everyone but the hosts', async () => {
  await does(ana, 'updateRoom', { policy: { video: false } });
  await until(bo, () => !globalThis.meeting.media.video && !globalThis.meeting.can('publish_video'));
  assert.deepEqual(await devices(ana), { audio: true, video: true });
  await does(ana, 'updateRoom', { policy: { video: true } });
  await until(bo, () => globalThis.meeting.can('publish_video'));
  await does(bo, 'setVideo', true);
  await pictures(ana, 1);
});

test("who shows the viewer's PIN sees and hears, and sends nothing", async () => {
  const { spin } = await ana.evaluate(() => globalThis.meeting.room.pins);
  const cy = await joins(browser, server, { room: made.room.code, name: 'Cy', audio: true, video: true, pin: spin });
  assert.equal(await role(cy), 'viewer');
  assert.deepEqual(await devices(cy), { audio: false, video: false });
  await pictures(cy, 2);
  await hears(cy);
  const sent = await cy.evaluate(() => globalThis.probe.stats('outbound-rtp'));
  assert.equal(sent.reduce((sum, one) => sum + one.packetsSent, 0), 0);
  await does(ana, 'setRole', await selfOf(cy), 'participant');
  await until(cy, () => globalThis.meeting.can('publish_video'));
  assert.equal(await does(cy, 'setVideo', true), true);
  await pictures(ana, 2);
  await does(ana, 'kick', await selfOf(cy));
  await until(cy, () => globalThis.meeting.ending?.reason === 'kicked');
  assert.equal(await cy.evaluate(() => globalThis.probe.live().length), 0);
  await hearsOf(ana, 'peerleft', { reason: 'kicked' });
  assertNoProblems(cy);
  await cy.context().close();
});

test('signals and broadcasts carry any JSON', async () => {
  await does(ana, 'signal', bosPeer, { dot: [1, 2] });
  await hearsOf(bo, 'signal', { body: { dot: [1, 2] } });
  await does(ana, 'broadcast', 'pen', { colour: 'red' });
  await hearsOf(bo, 'broadcast', { topic: 'pen', body: { colour: 'red' } });
});

test('the diagnostics name no one, no address and no secret', async () => {
  const whole = await does(ana, 'diagnostics');
  const text = whole.replace(/^browser: .*$/m, ''); // its version numbers look like an address
  const kept = await ana.evaluate(() => Object.values(sessionStorage).flatMap((seat) => Object.values(JSON.parse(seat))));
  const seat = kept.filter((value) => typeof value === 'string');
  assert.ok(seat.length >= 2, `${seat}`);
  const pins = await ana.evaluate(() => Object.values(globalThis.meeting.room.pins));
  const secrets = [made.owner_secret, made.room.code, 'Weekly', 'Ana', 'Bo', bosPeer, ...pins, ...seat];
  for (const secret of secrets) assert.ok(!text.includes(secret), text);
  assert.match(text, /link 1: (good|fair|poor)/);
  assert.doesNotMatch(text, /\d+\.\d+\.\d+\.\d+|candidate:|ice-pwd/);
});

test('the end of the room is the end for everyone', async () => {
  await does(ana, 'end');
  for (const page of [ana, bo]) await until(page, () => globalThis.meeting.ending?.reason === 'room_ended');
  assert.equal(await bo.evaluate(() => globalThis.meeting.media.videoTrack), null);
  assertNoProblems(ana);
  assertNoProblems(bo);
});
