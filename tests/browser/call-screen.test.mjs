//! Screen share and reload on the real page: the screen as a tile of its own, and a reload that comes back to the same seat.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, chatIs, guest, host, moves, peerOf, sees, stateIs, tile, write } from './lib/call.mjs';
import { assertNoProblems, launch } from './lib/chromium.mjs';
import { hears, LIGHT, PATIENCE_S, pictures } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let server;
let browser;
let ana;
let bo;

before(async () => {
  server = await Server.start();
  browser = await launch({ flags: LIGHT });
  ana = await host(browser, server, 'Ana');
  bo = await guest(browser, ana, 'Bo');
  await sees(ana, 'Bo');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a shared screen moves on a tile of its own, beside the camera', async () => {
  await ana.locator(at('screen')).click();
  await moves(bo, tile(bo, 'Ana', 'screen'));
  await sees(bo, 'Ana');
  await pictures(bo, 2);
});

test('both share at once: whatever the order of offers, both screens arrive', async () => {
  await ana.locator(at('screen')).click();
  await tile(bo, 'Ana', 'screen').waitFor({ state: 'detached' });
  await Promise.all([ana, bo].map((page) => page.locator(at('screen')).click()));
  await moves(ana, tile(ana, 'Bo', 'screen'));
  await moves(bo, tile(bo, 'Ana', 'screen'));
});

test('who comes later sees the screen that is shared already', async () => {
  await bo.locator(at('screen')).click();
  await tile(ana, 'Bo', 'screen').waitFor({ state: 'detached' });
  const cy = await guest(browser, ana, 'Cy');
  await moves(cy, tile(cy, 'Ana', 'screen'));
  await pictures(cy, 3, 5);
  assertNoProblems(cy);
  await cy.context().close();
});

test('the screen that ends leaves no tile', async () => {
  await ana.locator(at('screen')).click();
  for (const page of [ana, bo]) await page.locator(`${at('tile')}[data-source="screen"]`).waitFor({ state: 'detached' });
});

test('a reload comes back to the same seat, picture, sound and chat included', async () => {
  await write(bo, 'before the reload');
  await chatIs(ana, ['before the reload']);
  const seat = await peerOf(ana, 'Bo');
  await bo.reload();
  await bo.locator(at('call')).waitFor();
  await stateIs(bo, 'connected');
  await sees(bo, 'Ana');
  await sees(ana, 'Bo');
  await hears(ana);
  assert.equal(await peerOf(ana, 'Bo'), seat);
  assert.equal(await tile(ana, 'Bo').count(), 1);
  await chatIs(bo, ['before the reload']);
  await write(bo, 'after the reload');
  await chatIs(ana, ['before the reload', 'after the reload']);
});

test('both reload at once, and find each other again in their seats', async () => {
  const seats = await Promise.all([peerOf(ana, 'Bo'), peerOf(bo, 'Ana')]);
  await Promise.all([ana.reload(), bo.reload()]);
  await Promise.all([ana, bo].map((page) => page.locator(at('call')).waitFor()));
  await sees(ana, 'Bo');
  await sees(bo, 'Ana');
  assert.deepEqual(await Promise.all([peerOf(ana, 'Bo'), peerOf(bo, 'Ana')]), seats);
});

test('a duplicated tab is another person: a seat is held by one page', async () => {
  const seat = await peerOf(ana, 'Bo');
  const [copy] = await Promise.all([bo.context().waitForEvent('page'), bo.evaluate(() => void window.open(location.href))]);
  copy.setDefaultTimeout(PATIENCE_S * 1000);
  await copy.locator(at('call')).waitFor();
  const stranger = await copy.locator(`${at('tile')}.own[data-source="camera"]`).getAttribute('data-peer');
  assert.notEqual(stranger, seat);
  await ana.locator(`[data-test="tile"][data-peer="${stranger}"]`).waitFor();
  assert.equal(await ana.locator(`[data-test="tile"][data-peer="${seat}"]`).count(), 1);
  await stateIs(bo, 'connected');
  await copy.close();
});

test('nobody had anything to complain about', () => {
  assertNoProblems(ana);
  assertNoProblems(bo);
});
