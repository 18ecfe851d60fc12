//! The page by keyboard alone: start, join, chat, list people, shortcuts, leave.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';
import { attend, createRoom, eventually, host } from './lib/walk.mjs';

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.test ?? document.activeElement?.id ?? '');

/** Presses Tab until `wanted` has the focus. */
async function tabTo(page, wanted) {
  for (let step = 0; step < 40; step += 1) {
    if ((await focused(page)) === wanted) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${wanted}`);
}

test('someone starts a meeting, joins, chats and leaves without a mouse', async () => {
  const page = await open(browser, `${server.url}/`);
  await page.getByTestId('new-meeting').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip-link');
  await tabTo(page, 'new-meeting');
  await page.keyboard.press('Enter');

  await page.getByTestId('preview-camera').waitFor();
  await tabTo(page, 'preview-mic');
  await page.keyboard.press('Space');
  await eventually(() => page.getByTestId('preview-mic').getAttribute('aria-pressed'), (pressed) => pressed === 'false', 'the microphone goes off');
  await tabTo(page, 'name');
  await page.keyboard.type('Ana');
  await tabTo(page, 'join');
  await page.keyboard.press('Enter');

  await page.getByTestId('call').waitFor();
  assert.match(page.url(), /\/m\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
  assert.equal(await page.getByTestId('mic').getAttribute('aria-pressed'), 'false');
  await page.keyboard.press('m');
  await eventually(() => page.getByTestId('mic').getAttribute('aria-pressed'), (pressed) => pressed === 'true', 'M turns the microphone on');
  await page.keyboard.press('h');
  await page.locator('[data-test=tile] [data-test=tile-hand]:visible').waitFor();

  await page.keyboard.press('c');
  assert.equal(await focused(page), 'chat-input');
  await page.keyboard.type('hello m there');
  await page.keyboard.press('Enter');
  await page.getByTestId('chat-message').getByText('hello m there').waitFor();
  assert.equal(await page.getByTestId('mic').getAttribute('aria-pressed'), 'true', 'typing m is no shortcut');
  await page.keyboard.press('Escape');
  await page.getByTestId('panel').waitFor({ state: 'hidden' });
  await page.keyboard.press('?');
  await page.getByTestId('help-dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('help-dialog').waitFor({ state: 'detached' });

  await tabTo(page, 'leave');
  await page.keyboard.press('Enter');
  await eventually(() => focused(page), (at) => at === 'leave-only', 'the menu has the focus');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'end');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByTestId('ending').waitFor();
  assert.equal(await page.getByTestId('ending').getAttribute('data-ending'), 'left');
  assertNoProblems(page);
  await page.context().close();
});

test('the other side sees name, hand, message, and hears of it in words', async () => {
  const room = await createRoom(server, { name: 'Weekly' });
  const ana = await host(browser, server, room, 'Ana');
  const bob = await attend(browser, server, room.code, 'Bob <b>');
  await ana.getByTestId('tile').filter({ hasText: 'Bob <b>' }).waitFor();
  await eventually(() => ana.getByTestId('people-count').textContent(), (count) => count === '2', 'two people');

  await bob.keyboard.press('h');
  await ana.getByTestId('tile').filter({ hasText: 'Bob <b>' }).getByTestId('tile-hand').getByText('1').waitFor();
  await ana.locator('[data-test=announcer]', { hasText: 'Bob <b> raised a hand' }).waitFor({ state: 'attached' });

  await bob.getByTestId('chat').click();
  await bob.getByTestId('chat-input').fill('look: https://example.org/a?b=1, <i>x</i>');
  await bob.getByTestId('chat-send').click();
  await eventually(() => ana.getByTestId('unread').textContent(), (count) => count === '1', 'one unread message');
  await ana.getByTestId('chat').click();
  const message = ana.getByTestId('chat-message');
  assert.equal(await message.getByRole('link').getAttribute('href'), 'https://example.org/a?b=1');
  assert.equal(await message.getByRole('link').getAttribute('rel'), 'noopener noreferrer nofollow');
  assert.match(await message.textContent(), /<i>x<\/i>/);
  await ana.getByTestId('unread').waitFor({ state: 'hidden' });

  await ana.getByTestId('people').click();
  await ana.getByTestId('hands').getByText('Bob <b>').waitFor();
  await ana.getByTestId('people-list').getByTestId('person').filter({ hasText: 'Bob <b>' }).getByTestId('person-actions').click();
  await ana.getByTestId('mute-person').click();
  await bob.getByTestId('toast-muted').getByText('Ana muted you').waitFor();
  await eventually(() => bob.getByTestId('mic').getAttribute('aria-pressed'), (pressed) => pressed === 'false', 'Bob is muted');

  await ana.getByTestId('leave').click();
  await ana.getByTestId('end').click();
  await bob.getByTestId('ending').waitFor();
  assert.equal(await bob.getByTestId('ending').getAttribute('data-ending'), 'ended');
  for (const page of [ana, bob]) {
    assertNoProblems(page);
    await page.context().close();
  }
});
