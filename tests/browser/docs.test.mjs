//! The API's description is drawn by the browser itself: every operation, no complaint of the policy, nothing from another host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';

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
