//! The server is killed (SIGKILL) in the middle of a call and started again: the picture never stops, the same peer connections live on, the
//! pages come back by themselves into their seats, and the chat goes on with nothing lost and nothing twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, chatIs, guest, host, peerOf, sees, stateIs, tile, write } from './lib/call.mjs';
import { assertNoProblems, launch } from './lib/chromium.mjs';
import { hears, pictures } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

/** What a browser itself writes about a server that isn't there. */
const GONE = [/WebSocket connection to/, /ERR_CONNECTION_REFUSED/];
/** The longest standstill of a picture at 20 frames a second, on a machine that starts a server meanwhile. */
const STANDSTILL_MS = 2000;

let server;
let browser;
let ana;
let bo;
const texts = [];

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await host(browser, server, 'Ana');
  bo = await guest(browser, ana, 'Bo');
  await sees(ana, 'Bo');
  await sees(bo, 'Ana');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Watches in the page how long its received picture stood still at most. */
async function watchPicture(page) {
  await page.evaluate(() => {
    const watch = { longest: 0, frames: -1, at: performance.now() };
    globalThis.watch = watch;
    watch.timer = setInterval(async () => {
      const frames = Math.max(-1, ...Object.values(await globalThis.probe.frames()));
      const now = performance.now();
      if (frames > watch.frames) watch.at = now;
      watch.longest = Math.max(watch.longest, now - watch.at);
      watch.frames = frames;
    }, 100);
  });
}

function longestStandstill(page) {
  return page.evaluate(() => {
    clearInterval(globalThis.watch.timer);
    return Math.round(globalThis.watch.longest);
  });
}

const negotiations = (page) => page.evaluate(() => ({ made: globalThis.probe.pcs.length, offers: globalThis.probe.offers, restarts: globalThis.probe.restarts }));

async function say(page, text) {
  await write(page, text);
  texts.push(text);
}

test('the picture goes on while the server is away and when it is back, on the same peer connections', async () => {
  await say(ana, 'before the kill');
  await chatIs(bo, texts);
  const seats = await Promise.all([peerOf(ana, 'Bo'), peerOf(bo, 'Ana')]);
  const before = await Promise.all([ana, bo].map(negotiations));
  await Promise.all([ana, bo].map(watchPicture));
  await server.kill();
  await Promise.all([ana, bo].map((page) => stateIs(page, 'reconnecting')));
  await Promise.all([ana, bo].map((page) => pictures(page, 1, 20)));
  await server.up();
  await Promise.all([ana, bo].map((page) => stateIs(page, 'connected')));
  await Promise.all([ana, bo].map((page) => pictures(page, 1, 20)));
  const stood = await Promise.all([ana, bo].map(longestStandstill));
  assert.ok(Math.max(...stood) < STANDSTILL_MS, `the picture stood still for ${stood} ms`);
  assert.deepEqual(await Promise.all([ana, bo].map(negotiations)), before);
  assert.deepEqual(await Promise.all([peerOf(ana, 'Bo'), peerOf(bo, 'Ana')]), seats);
  await hears(ana);
});

test('what was written before is there once, and what is written after arrives', async () => {
  await say(bo, 'after the restart');
  await chatIs(ana, texts);
  await chatIs(bo, texts);
});

test('a message written while the server was away arrives once, in every chat', async () => {
  await server.kill();
  await Promise.all([ana, bo].map((page) => stateIs(page, 'reconnecting')));
  await say(ana, 'into the silence');
  await server.up();
  await Promise.all([ana, bo].map((page) => stateIs(page, 'connected')));
  await chatIs(ana, texts);
  await chatIs(bo, texts);
});

test('chat through three more kills: nothing lost, nothing twice', async () => {
  for (const kill of [1, 2, 3]) {
    await write(ana, `shortly before kill ${kill}`);
    texts.push(`shortly before kill ${kill}`);
    await server.restart();
    await Promise.all([ana, bo].map((page) => stateIs(page, 'connected')));
    await chatIs(ana, texts);
    await chatIs(bo, texts);
  }
});

test('a person who comes after all that reads the whole chat and sees both', async () => {
  const cy = await guest(browser, ana, 'Cy');
  await chatIs(cy, texts);
  for (const page of [ana, bo]) await chatIs(page, texts);
  await cy.locator(at('chat')).click();
  await sees(cy, 'Ana', 'Bo');
  assert.equal(await tile(ana, 'Bo').count(), 1);
  assertNoProblems(cy);
  await cy.context().close();
});

test('a reload after another restart comes back to the seat', async () => {
  const seat = await peerOf(ana, 'Bo');
  await server.restart();
  await stateIs(ana, 'connected');
  await bo.reload();
  await bo.locator(at('call')).waitFor();
  await sees(ana, 'Bo');
  assert.equal(await peerOf(ana, 'Bo'), seat);
});

test('the pages said nothing but that the server was gone', () => {
  assertNoProblems(ana, GONE);
  assertNoProblems(bo, GONE);
});
