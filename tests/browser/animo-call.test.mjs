//! Pages that behave as the real clients of Animo Meet hold calls in Chromium, from an origin of their own, by cookie and by bearer.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch } from './lib/chromium.mjs';
import { servePages } from './lib/animo-pages.mjs';
import { Server } from './lib/server.mjs';

let server;
let pages;
let browser;
before(async () => {
  pages = await servePages();
  server = await Server.start({ 'http.allowed_origins': pages.origin, 'limits.trusted_sources': '127.0.0.0/8' });
  browser = await launch();
});
// whatever a failed test left open would take the processor from the next one
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
after(async () => {
  await browser?.close();
  await server?.stop();
  await pages?.stop();
});

/** The backend under the page's own host name, so that a cookie is of the same site, as behind one domain. */
const backend = () => server.url.replace('127.0.0.1', 'localhost');

async function open(generation, path = '/') {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  await page.goto(`${pages.origin}${path}?generation=${generation}&server=${encodeURIComponent(backend())}`);
  return page;
}

async function callIn(generation, room, name) {
  const page = await open(generation, `/${room}`);
  // the cookie tells how its page writes before it says a word, so that others' first words are for it too
  if (generation === 3) await page.evaluate((own) => window.account(own), `${name}-${room}`);
  await page.evaluate((own) => window.call(own), name);
  await page.waitForFunction(() => window.state.joined > 0);
  return page;
}

/** So many tiles, each showing more frames than a moment ago. */
async function shows(page, tiles) {
  await page.waitForFunction((count) => document.querySelectorAll('video').length === count, tiles);
  const before = await page.evaluate(() => window.decoded());
  const moved = ([count, seen]) => window.decoded().length === count && window.decoded().every((frames, at) => frames > (seen[at] ?? 0) + 5);
  await page.waitForFunction(moved, [tiles, before], { timeout: 30_000 });
}

async function meeting(code) {
  const page = await open(1);
  await page.evaluate((name) => window.account(name), `host-${code}`.slice(0, 32));
  assert.equal((await page.evaluate((room) => window.create(room), code)).made, 200);
  await page.context().close();
  return code;
}

/** Two, a third, a reload, a leaving, with pictures decoded all along. */
async function holdACall(first, second) {
  const room = await meeting(`call-${first}-${second}`);
  const ana = await callIn(first, room, 'Ana');
  const bob = await callIn(second, room, 'Bob');
  await Promise.all([shows(ana, 1), shows(bob, 1)]);
  const cleo = await callIn(second, room, 'Cleo');
  await Promise.all([shows(ana, 2), shows(bob, 2), shows(cleo, 2)]);
  await ana.evaluate(() => window.say('Ana', 'hello'));
  for (const page of [ana, bob, cleo]) {
    await page.waitForFunction(() => window.state.chat.length === 1);
    assert.deepEqual(await page.evaluate(() => window.state.chat), [['Ana (Guest)', 'hello']]);
  }
  await ana.evaluate(() => window.toggle(false));
  await bob.waitForFunction(() => Object.values(window.state.flags ?? {}).some((flags) => flags.peerVideoEnabled === false));
  // a reload is a leaving and a coming
  await bob.reload();
  await cleo.waitForFunction(() => window.state.left.length === 1);
  await bob.evaluate(() => window.call('Bob'));
  await Promise.all([shows(ana, 2), shows(bob, 2), shows(cleo, 2)]);
  await bob.waitForFunction(() => window.state.chat.length === 1);
  await cleo.evaluate(() => window.leave());
  await Promise.all([shows(ana, 1), shows(bob, 1)]);
  assert.equal(await ana.evaluate(() => window.state.left.length), 2, 'one for each');
  for (const page of [ana, bob, cleo]) assert.deepEqual(page.complaints, []);
}

test('pages of the first generations call each other', () => holdACall(1, 1));
test('pages of the last generation call each other', () => holdACall(3, 3));
test('pages of different generations call each other', () => holdACall(1, 3));

test('a page of another origin signs in by cookie, makes a meeting and signs out', async () => {
  const page = await open(3);
  assert.equal((await page.evaluate(() => window.verify())).status, 401, 'a guest first');
  const { made, entered, known } = await page.evaluate(() => window.account('cross'));
  assert.deepEqual([made, entered, known.status, known.body.username], [201, 200, 200, 'cross']);
  assert.ok(known.body.token, 'or the page would not show how to log out');
  const cookie = (await page.context().cookies(backend())).find(({ name }) => name === 'convene');
  assert.equal(cookie.httpOnly, true);
  const { made: meet, found } = await page.evaluate(() => window.create('cross-origin-one'));
  assert.deepEqual([meet, found.meeting.hostUsername], [200, 'cross']);
  assert.deepEqual((await page.evaluate(() => window.previous('cross'))).body, ['cross-origin-one']);
  await page.reload();
  assert.equal((await page.evaluate(() => window.verify())).status, 200, 'the cookie is still there');
  assert.equal((await page.evaluate(() => window.logout())).status, 200);
  assert.equal((await page.evaluate(() => window.verify())).status, 401);
  await page.context().close();
});

test('a page of an origin that is not allowed gets nothing', async () => {
  const stranger = await servePages();
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${stranger.origin}/?generation=3&server=${encodeURIComponent(backend())}`);
    const failed = await page.evaluate(() => window.account('stranger').then(() => 'read', (error) => error.name));
    assert.equal(failed, 'TypeError', 'its answers are not to be read');
    await context.close();
  } finally {
    await stranger.stop();
  }
});
