//! The README's ten lines, in a page of another site that the server allows.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { joins } from './lib/bare.mjs';
import { assertNoProblems, launch, open } from './lib/chromium.mjs';
import { install, LIGHT, pictures, until } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
let browser;
let server;
let site;

before(async () => {
  const readme = await readFile(join(HERE, '../../README.md'), 'utf8');
  const [, example] = /```html\n([\s\S]*?)```/.exec(readme);
  site = createServer((_, response) => {
    const page = example.replace('https://meet.example.org', server.url).replace('</script>', 'globalThis.meeting = meeting;</script>');
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  server = await Server.start({ 'http.allowed_origins': address() });
  browser = await launch({ flags: LIGHT });
});

after(async () => {
  await browser?.close();
  await server?.stop();
  site?.close();
});

const address = () => `http://127.0.0.1:${site.address().port}`;

test('the ten lines of the README hold a call from another site', async () => {
  const page = await open(browser, `${address()}/`, { before: install });
  await until(page, () => globalThis.meeting?.messages.length === 1);
  const { code, text } = await page.evaluate(() => ({ code: globalThis.meeting.room.code, text: globalThis.meeting.messages[0].text }));
  assert.equal(text, `Join me: ${server.url}/m/${code}`);
  const guest = await joins(browser, server, { room: code, name: 'Guest', audio: true, video: true });
  await pictures(page, 1);
  await pictures(guest, 1);
  assert.equal(await page.locator('video').count(), 1);
  assertNoProblems(page, [new RegExp(`^foreign: \\w+://${new URL(server.url).host}/`)]);
  assertNoProblems(guest);
});
