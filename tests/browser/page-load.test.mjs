//! How the page loads: every file is named beforehand and used, and whoever comes again fetches the document alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';
import { createRoom, eventually } from './lib/walk.mjs';

const idle = (page) => page.waitForLoadState('networkidle');

/** Paths of the files that the page has, by whether they came over the network. */
async function files(page) {
  const entries = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name, transferSize }) => ({ path: new URL(name).pathname, transferSize })));
  const assets = entries.filter(({ path }) => /\.(js|css|svg|webmanifest)$/.test(path));
  return { all: assets.map(({ path }) => path), fetched: assets.filter(({ transferSize }) => transferSize > 0).map(({ path }) => path) };
}

test('a second visit fetches no file again', async () => {
  const { code } = await createRoom(server);
  for (const [path, there] of [['/', 'new-meeting'], [`/m/${code}`, 'preview-camera'], ['/signin', 'login']]) {
    const page = await open(browser, server.url + path);
    await page.getByTestId(there).waitFor();
    await idle(page);
    const first = await files(page);
    assert.ok(first.all.length > 20 && first.all.every((file) => file.startsWith('/_/')), `${path}: ${first.all.find((file) => !file.startsWith('/_/'))}`);
    await page.goto(server.url + path);
    await page.getByTestId(there).waitFor();
    await idle(page);
    const second = await files(page);
    assert.ok(second.all.length > 10);
    assert.deepEqual(second.fetched, [], path);
    assertNoProblems(page);
    await page.context().close();
  }
});

test('the document names the modules of its own view, and those of a meeting come when nothing else is to be done', async () => {
  const page = await open(browser, `${server.url}/`);
  await page.getByTestId('new-meeting').waitFor();
  const named = await page.evaluate(() => [...document.querySelectorAll('link[rel=modulepreload]')].map(({ href }) => new URL(href).pathname));
  assert.ok(named.some((path) => path.endsWith('/landing.js')) && !named.some((path) => path.endsWith('/call.js')), `${named}`);
  await eventually(async () => (await files(page)).all.some((path) => path.endsWith('/call.js')), Boolean, 'the meeting is fetched while nothing else is to be done');
  await page.context().close();
});

test('a page of an older version goes on with the files of the new one', async () => {
  const answer = await fetch(`${server.url}/_/000000000000/assets/lang/de.js`);
  assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-cache']);
});
