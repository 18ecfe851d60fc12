//! The API's description is drawn by the browser itself: every operation, no complaint of the policy, nothing from another host.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoProblems, launch, open } from './lib/chromium.mjs';
import { Server } from './lib/server.mjs';

let browser;
let server;
before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('every operation of the document is drawn', async () => {
  const page = await open(browser, `${server.url}/docs`);
  await page.waitForSelector('.opblock');
  const { paths } = await (await fetch(`${server.url}/v1/openapi.json`)).json();
  const operations = Object.values(paths).flatMap((path) => Object.keys(path));
  assert.equal(await page.locator('.opblock').count(), operations.length);
  await page.locator('.opblock-summary').first().click();
  await page.waitForSelector('.opblock-body');
  assertNoProblems(page);
  await page.context().close();
});
