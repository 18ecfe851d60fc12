//! Two and three people in a call on the real page: moving pictures on every tile, mute seen and heard, chat, raised hands, leaving.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, chatIs, guest, host, sees, stateIs, tile, write } from './lib/call.mjs';
import { assertNoProblems, launch } from './lib/chromium.mjs';
import { hears, pictures, silent, until } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let server;
let browser;
let ana;
let bo;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await host(browser, server, 'Ana');
  bo = await guest(browser, ana, 'Bo');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('two people see each other move, each on the tile of the other', async () => {
  await sees(ana, 'Bo');
  await sees(bo, 'Ana');
  await pictures(ana, 1);
  await pictures(bo, 1);
});

test('the newcomer offers, those already there wait', async () => {
  const [anasOffers, bosOffers] = await Promise.all([ana, bo].map((page) => page.evaluate(() => globalThis.probe.offers)));
  assert.deepEqual([anasOffers, bosOffers], [0, 1]);
});

test('a mute is heard as silence and seen on the tile, and so is its end', async () => {
  await hears(bo);
  await ana.locator(at('mic')).click();
  await tile(bo, 'Ana').and(bo.locator('[data-muted="true"]')).waitFor();
  await silent(bo);
  await ana.locator(at('mic')).click();
  await tile(bo, 'Ana').and(bo.locator('[data-muted="false"]')).waitFor();
  await hears(bo);
});

test('a camera turned off leaves the tile without a picture, and comes back without a new negotiation', async () => {
  const offers = () => Promise.all([ana, bo].map((page) => page.evaluate(() => globalThis.probe.offers)));
  const made = await offers();
  await bo.locator(at('camera')).click();
  await tile(ana, 'Bo').and(ana.locator('[data-video="false"]')).waitFor();
  await bo.locator(at('camera')).click();
  await sees(ana, 'Bo');
  assert.deepEqual(await offers(), made);
});

test('who speaks is marked', async () => {
  await tile(bo, 'Ana').and(bo.locator('.speaking')).waitFor();
});

test('chat goes both ways, each message once and in order', async () => {
  await write(ana, 'hello from Ana');
  await chatIs(bo, ['hello from Ana']);
  await write(bo, 'hello from Bo');
  await chatIs(ana, ['hello from Ana', 'hello from Bo']);
  await chatIs(bo, ['hello from Ana', 'hello from Bo']);
});

test('a raised hand shows its rank', async () => {
  await bo.locator(at('hand')).click();
  await ana.locator(at('hand')).click();
  await tile(ana, 'Bo').locator(at('tile-hand')).filter({ hasText: '1' }).waitFor();
  await tile(bo, 'Ana').locator(at('tile-hand')).filter({ hasText: '2' }).waitFor();
  await bo.locator(at('hand')).click();
  await tile(bo, 'Ana').locator(at('tile-hand')).filter({ hasText: '1' }).waitFor();
});

test('a third person reads what was written, sees both, is seen by both, and leaves again', async () => {
  const cy = await guest(browser, ana, 'Cy', { viewport: { width: 1280, height: 800 } });
  await chatIs(cy, ['hello from Ana', 'hello from Bo']);
  await cy.locator(at('chat')).click();
  await sees(cy, 'Ana', 'Bo');
  await pictures(cy, 2);
  await sees(ana, 'Bo', 'Cy');
  await sees(bo, 'Ana', 'Cy');
  await cy.locator(at('leave')).click();
  const leave = cy.locator(at('leave-only'));
  if (await leave.isVisible()) await leave.click();
  await tile(ana, 'Cy').waitFor({ state: 'detached' });
  await tile(bo, 'Cy').waitFor({ state: 'detached' });
  await until(ana, () => globalThis.probe.live().length === 1);
  assertNoProblems(cy);
  await cy.context().close();
});

test('nobody had anything to complain about', async () => {
  await stateIs(ana, 'connected');
  assertNoProblems(ana);
  assertNoProblems(bo);
});
