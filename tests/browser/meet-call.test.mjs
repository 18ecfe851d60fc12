//! Meet's pages in calls with moving pictures: with each other, a third who waits, a reload, leaving, and with the native page.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { enter, host, sees, at } from './lib/call.mjs';
import { assertNoProblems, launch, open } from './lib/chromium.mjs';
import { forgets, guest, joins, logsIn, meetServer, member, starts, stops, told } from './lib/meet.mjs';
import { install, LIGHT, pictures, until } from './lib/probe.mjs';

let browser;
let server;
let folder;
let ana;
let bo;
let room;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convene-meet-'));
  server = await meetServer(join(folder, 'client'));
  browser = await launch({ flags: LIGHT });
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("two sign up, sign in and see each other move", async () => {
  ana = await member(browser, server, 'Ana');
  bo = await member(browser, server, 'Bob');
  assert.equal(await ana.locator('#who').innerText(), 'Ana ana@example.org');
  room = await starts(ana);
  assert.match(room, /^[0-9a-f]{16}$/);
  await until(ana, () => globalThis.probe.offers === 1);
  await joins(bo, room);
  await Promise.all([pictures(ana, 1), pictures(bo, 1)]);
  assert.deepEqual(await Promise.all([told(ana), told(bo)]), ['', '']);
});

test("a third waits, and the two go on", async () => {
  const cy = await guest(browser, server, room);
  await until(cy, () => globalThis.probe.offers === 1);
  await Promise.all([pictures(ana, 1), pictures(bo, 1)]);
  assert.equal(await cy.evaluate(() => globalThis.probe.pcs[0].remoteDescription), null);
  assert.deepEqual(await Promise.all([told(ana), told(bo), told(cy)]), ['', '', '']);
  await cy.context().close();
});

test("a page that is loaded anew takes its own place", async () => {
  await bo.reload();
  await Promise.all([pictures(bo, 1), pictures(ana, 1)]);
  assert.equal(await told(bo), '');
});

test("who leaves comes to the dashboard, and the call has a duration", async () => {
  await stops(bo);
  await stops(ana);
  await until(ana, async () => {
    const answer = await fetch('../../server/call/call_history.php');
    return /^00:0\d:\d\d$/.test((await answer.json()).calls[0].duration ?? '');
  });
  await ana.reload();
  await ana.getByText(new RegExp(`${room} \\d{4} 00:0\\d:\\d\\d`)).waitFor();
  const own = await bo.evaluate(async () => (await fetch('../../server/call/call_history.php')).json());
  assert.deepEqual(own, { success: true, calls: [] }, 'who joins has no history of it');
});

test("a Meet page comes into a native meeting", async () => {
  const nat = await host(browser, server, 'Nat');
  const code = new URL(nat.url()).pathname.split('/').pop();
  await bo.reload();
  await joins(bo, code);
  await sees(nat, 'Bob');
  await pictures(bo, 1);
  await stops(bo);
  await nat.locator(at('tile')).filter({ hasText: 'Bob' }).waitFor({ state: 'detached' });
  await nat.context().close();
});

test("a native page comes to a Meet page that was there first", async () => {
  await ana.reload();
  room = await starts(ana);
  await until(ana, () => globalThis.probe.offers === 1);
  const nat = await open(browser, `${server.url}/m/${room}`, { before: install });
  nat.who = 'Nat';
  await enter(nat);
  await sees(nat, 'Ana');
  await pictures(ana, 1);
  assert.equal(await told(ana), '');
  await stops(ana);
  await nat.context().close();
});

test("a forgotten password is set anew on the client's own page, and the session of before is over", async () => {
  const session = await bo.context().cookies();
  await forgets(bo, server, 'a new secret');
  await bo.context().addCookies(session);
  await bo.goto(`${server.url}/client/dashboard/`);
  await bo.waitForURL('**/client/login.php?error=*');
  await logsIn(bo, 'a new secret');
  await bo.locator('#logout').click();
  await bo.waitForURL('**/client/login.php');
  await bo.goto(`${server.url}/client/dashboard/`);
  await bo.waitForURL('**/client/login.php?error=*');
});

test('nobody had anything uncaught', () => {
  for (const page of [ana, bo]) assertNoProblems(page, [/^console:/, /^foreign:/]);
});
