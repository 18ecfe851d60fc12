//! Takes docs/screenshot.png: a real call of four drawn people on a real server. `node screenshot.mjs [FILE]`, CONVENE_BIN as for the tests.
import { join } from 'node:path';
import { at, moves, tile, write } from './lib/call.mjs';
import { launch } from './lib/chromium.mjs';
import { drawnCamera, LOOKS } from './lib/portraits.mjs';
import { Server } from './lib/server.mjs';
import { createRoom, enter } from './lib/walk.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const FILE = process.argv[2] ?? join(HERE, '../../docs/screenshot.png');
const SIZE = { width: 1440, height: 900 };
const FLAGS = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'];

async function attend(browser, server, { code, secret }, name, { look, speaks = false, owns = false }) {
  const context = await browser.newContext({ viewport: SIZE, locale: 'en-GB', colorScheme: 'light' });
  const page = await context.newPage();
  page.who = name;
  await page.addInitScript(drawnCamera, { look, speaks });
  if (owns) await page.addInitScript(([key, value]) => localStorage.setItem(key, value), [`convene.owner.${code}`, secret]);
  await page.goto(`${server.url}/m/${code}`);
  await page.locator(at('name')).waitFor();
  await enter(page, name);
  return page;
}

const latest = (page, text) => page.locator(at('chat-message')).filter({ hasText: text }).last();

async function act(page, text, action) {
  const message = latest(page, text);
  await message.hover();
  await message.locator(at('message-actions')).click();
  await action();
}

const server = await Server.start();
const browser = await launch({ flags: FLAGS });
try {
  const room = await createRoom(server, { name: 'Weekly planning' });
  const ana = await attend(browser, server, room, 'Ana Oliveira', { look: LOOKS.ana, owns: true });
  const jonas = await attend(browser, server, room, 'Jonas Lindqvist', { look: LOOKS.jonas, speaks: true });
  const mei = await attend(browser, server, room, 'Mei Kobayashi', { look: LOOKS.mei });
  const samuel = await attend(browser, server, room, 'Samuel Adeyemi', { look: LOOKS.samuel });
  for (const { who } of [jonas, mei, samuel]) await moves(ana, tile(ana, who));
  for (const page of [ana, jonas, mei, samuel]) await page.locator(at('chat')).click();

  await write(jonas, 'Morning! The draft is here: https://example.org/plan');
  await write(jonas, 'Comments welcome until noon.');
  await latest(mei, 'until noon').waitFor();
  await write(mei, 'Thanks, reading it now.');
  await latest(ana, 'reading it now').waitFor();
  await write(ana, 'The budget part needs one more pass, I think.');
  await act(ana, 'reading it now', () => ana.getByText('👍').first().click());
  await latest(samuel, 'one more pass').waitFor();
  await act(samuel, 'one more pass', () => samuel.locator(at('reply')).click());
  await write(samuel, 'I can take that one today.');
  await latest(ana, 'take that one').waitFor();
  await mei.getByRole('button', { name: /hand/i }).first().click();
  await mei.getByRole('button', { name: /mic/i }).first().click();
  await tile(ana, 'Mei Kobayashi').locator(at('tile-hand')).waitFor();
  await ana.mouse.move(SIZE.width / 2, 5);
  await ana.evaluate(() => document.activeElement?.blur());
  await ana.locator('.toast').first().waitFor({ state: 'detached', timeout: 20_000 }).catch(() => {});
  for (const { who } of [jonas, mei, samuel]) await moves(ana, tile(ana, who));
  await ana.screenshot({ path: FILE });
  console.log(FILE);
} finally {
  await browser.close();
  await server.stop();
}
