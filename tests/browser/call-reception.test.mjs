//! What isn't shown isn't sent: max_video, tiles off the screen, and bandwidth divided by the people.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { does, hearsOf, joins, room, selfOf } from './lib/bare.mjs';
import { assertNoProblems, launch, open } from './lib/chromium.mjs';
import { install, LIGHT, pictures, until } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let server;
let browser;
let made;
let ana;
let bo;
let cy;

before(async () => {
  server = await Server.start();
  browser = await launch({ flags: LIGHT });
  made = await room(browser, server, { max_video: 1 });
  const wish = { room: made.room.code, video: true };
  ana = await joins(browser, server, { ...wish, name: 'Ana', owner_secret: made.owner_secret });
  bo = await joins(browser, server, { ...wish, name: 'Bo' });
  cy = await joins(browser, server, { ...wish, name: 'Cy' });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const receiving = (page) => page.evaluate(() => [...globalThis.meeting.people.keys()].map((peer) => globalThis.meeting.remote(peer).receiving));
const sending = (page) => page.evaluate(async () => (await globalThis.probe.stats('outbound-rtp', 'video')).map((one) => one.active));

/** Waits until exactly so many received pictures move on, over 20 frames of those that do. */
async function onlyMoving(page, count) {
  const exactly = async (wanted) => {
    const now = await globalThis.probe.frames();
    globalThis.began ??= now;
    const rose = Object.entries(now).map(([track, frames]) => frames - (globalThis.began[track] ?? 0));
    if (Math.max(...rose) < 20) return false;
    const settled = rose.filter((frames) => frames > 0).length === wanted;
    globalThis.began = now;
    return settled;
  };
  await page.evaluate(() => delete globalThis.began);
  await until(page, exactly, count);
}

/** Resolves when the picture of this person has been decoded 20 frames further. */
async function movesOf(page, peer) {
  const moved = async (whose) => {
    const [track] = globalThis.meeting.remote(whose).camera.getVideoTracks();
    const frames = (await globalThis.probe.frames())[track?.id];
    if (frames === undefined) return false;
    globalThis.from ??= frames;
    return frames >= globalThis.from + 20;
  };
  await page.evaluate(() => delete globalThis.from);
  await until(page, moved, peer);
}

test('with max_video 1 each page receives one picture, and the other is not sent', async () => {
  for (const page of [ana, bo, cy]) {
    await until(page, () => [...globalThis.meeting.people.keys()].filter((peer) => globalThis.meeting.remote(peer).receiving).length === 1);
  }
  for (const page of [ana, bo, cy]) await onlyMoving(page, 1);
  const active = (await Promise.all([ana, bo, cy].map(sending))).flat().filter(Boolean);
  assert.equal(active.length, 3);
});

test('the order of the page decides whose it is', async () => {
  const peer = await selfOf(cy);
  await does(ana, 'setPriority', [peer]);
  await hearsOf(ana, 'receiving', { receiving: true });
  await until(ana, (wanted) => globalThis.meeting.remote(wanted).receiving, peer);
  await onlyMoving(ana, 1);
  await movesOf(ana, peer);
});

test('a tile off the screen makes room for another, and is sent again when it comes back', async () => {
  const peer = await selfOf(cy);
  await does(ana, 'setVisible', peer, false);
  await until(ana, (hidden) => !globalThis.meeting.remote(hidden).receiving, peer);
  assert.deepEqual(await receiving(ana), [true, false]);
  await onlyMoving(ana, 1);
  await movesOf(ana, await selfOf(bo));
  await does(ana, 'setVisible', peer, true);
  await until(ana, (hidden) => globalThis.meeting.remote(hidden).receiving, peer);
  await movesOf(ana, peer);
});

test('a higher max_video lets everyone be seen, each with a share of the bandwidth', async () => {
  await does(ana, 'updateRoom', { max_video: 8 });
  for (const page of [ana, bo, cy]) await pictures(page, 2);
  const limits = () => {
    const senders = globalThis.probe.live().flatMap((pc) => pc.getSenders()).filter(({ track }) => track?.kind === 'video');
    return senders.map((sender) => sender.getParameters().encodings[0].maxBitrate);
  };
  assert.deepEqual(await ana.evaluate(limits), [1_250_000, 1_250_000]);
  await does(bo, 'leave');
  await until(ana, () => globalThis.meeting.people.size === 1);
  await until(ana, () => {
    const senders = globalThis.probe.live().flatMap((pc) => pc.getSenders()).filter(({ track }) => track?.kind === 'video');
    return senders.length === 1 && senders[0].getParameters().encodings[0].maxBitrate === 2_500_000;
  });
});

test('nobody had anything to complain about', () => {
  for (const page of [ana, bo, cy]) assertNoProblems(page);
});
