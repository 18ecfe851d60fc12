//! The harness itself: the server starts, serves its page to a browser, survives a kill on the same port, drains with exit code 0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { Coturn } from './lib/coturn.mjs';
import { until } from './lib/probe.mjs';
import { browser, server } from './lib/stage.mjs';
import { createRoom } from './lib/walk.mjs';

test('the page answers and asks nothing of other hosts', async () => {
  const page = await open(browser, `${server.url}/`);
  assert.notEqual(await page.title(), '');
  assert.equal((await fetch(`${server.url}/`, { headers: { accept: 'text/html' } })).status, 200);
  assertNoProblems(page);
  await page.context().close();
});

test('waiting in a page for what does not come fails, also where the answer is a promise', async () => {
  const page = await open(browser, `${server.url}/`);
  await assert.rejects(until(page, async () => false, null, 0.2), /did not happen/);
  await assert.rejects(until(page, () => false, null, 0.2), /did not happen/);
  await until(page, async (wanted) => wanted === 1, 1);
  await page.context().close();
});

test('a killed server comes back on its port with its data', async () => {
  const { code } = await createRoom(server);
  await server.restart();
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  assert.equal((await fetch(`${server.url}/v1/rooms/${code}`)).status, 200);
});

test('a terminated server ends with exit code 0 and logs nothing but json', async () => {
  assert.equal(await server.drain(), 0);
  for (const line of server.output().trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line);
});

test('coturn answers', async () => {
  const turn = await Coturn.start();
  assert.match(turn.config['ice.turn_urls'], /^turn:127\.0\.0\.1:\d+/);
  await turn.stop();
});
