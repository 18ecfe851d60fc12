//! The network between two pages is gone and comes back: a short cut heals by itself, a long one by an ICE restart on the same peer connections.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chatIs, guest, host, sees, stateIs, tile, write } from './lib/call.mjs';
import { assertNoProblems, launch } from './lib/chromium.mjs';
import { hears, pictures, until } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let server;
let browser;
let ana;
let bo;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await host(browser, server, 'Ana', { network: true });
  bo = await guest(browser, ana, 'Bo', { network: true });
  await sees(ana, 'Bo');
  await sees(bo, 'Ana');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const connection = (page, state) => until(page, (wanted) => globalThis.probe.live().map((pc) => pc.connectionState).join() === wanted, state);
const cut = (on) => Promise.all([ana, bo].map((page) => (on ? page.network.cut() : page.network.heal())));
const history = (page) => page.evaluate(() => ({ made: globalThis.probe.pcs.length, restarts: globalThis.probe.restarts }));

test('a short cut is shown on the tile and heals without any negotiation', async () => {
  const before = await Promise.all([ana, bo].map(history));
  await cut(true);
  await Promise.all([ana, bo].map((page) => connection(page, 'disconnected')));
  await tile(ana, 'Bo').and(ana.locator('[data-quality="lost"]')).waitFor();
  await cut(false);
  await Promise.all([ana, bo].map((page) => connection(page, 'connected')));
  await Promise.all([ana, bo].map((page) => pictures(page, 1)));
  assert.deepEqual(await Promise.all([ana, bo].map(history)), before);
});

test('after a long one ICE restarts, and picture and sound flow again on the same peer connections', async () => {
  const before = await Promise.all([ana, bo].map(history));
  await cut(true);
  // The first to see the failure restarts, so that the other may never get to see it.
  await Promise.any([ana, bo].map((page, at) => until(page, (from) => globalThis.probe.restarts > from, before[at].restarts)));
  await cut(false);
  await Promise.all([ana, bo].map((page) => connection(page, 'connected')));
  await Promise.all([ana, bo].map((page) => pictures(page, 1)));
  await Promise.all([hears(ana), hears(bo)]);
  const now = await Promise.all([ana, bo].map(history));
  assert.deepEqual(now.map(({ made }) => made), before.map(({ made }) => made));
});

test('the chat goes on', async () => {
  await Promise.all([ana, bo].map((page) => stateIs(page, 'connected')));
  await write(ana, 'back again');
  await chatIs(bo, ['back again']);
});

test('nobody had anything to complain about', () => {
  assertNoProblems(ana, [/WebSocket connection to/, /ERR_/]);
  assertNoProblems(bo, [/WebSocket connection to/, /ERR_/]);
});
