//! axe-core finds nothing on any view in light and dark; phones and 320 px scroll in one direction only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertFits, phoneOf, PHONES } from './lib/access.mjs';
import { open } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';
import { attend, createRoom, enter, host, preview } from './lib/walk.mjs';

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in ${colorScheme}`, async () => {
    const looks = { colorScheme, reducedMotion: 'reduce' };
    const room = await createRoom(server, { name: 'Weekly' });
    const start = await open(browser, `${server.url}/`, looks);
    await start.getByTestId('new-meeting').waitFor();
    await assertAccessible(start, 'landing');
    await start.context().close();

    const bob = await attend(browser, server, room.code, 'Bob', looks);
    await bob.getByTestId('hand').click();
    const ana = await host(browser, server, room, 'Ana', looks);
    await ana.getByTestId('tile').filter({ hasText: 'Bob' }).waitFor();
    await assertAccessible(ana, 'call');
    await ana.getByTestId('chat').click();
    await ana.getByTestId('chat-input').fill('hello');
    await ana.getByTestId('chat-send').click();
    await ana.getByTestId('chat-message').waitFor();
    await assertAccessible(ana, 'chat');
    await ana.getByTestId('message-actions').click();
    await assertAccessible(ana, 'message menu');
    await ana.keyboard.press('Escape');
    await ana.getByTestId('people').click();
    await ana.getByTestId('people-list').getByText('Bob').waitFor();
    await assertAccessible(ana, 'people');
    await ana.getByTestId('more').click();
    await ana.getByTestId('room-settings').click();
    await ana.getByTestId('spin').getByText(/^\d{4} \d{4}$/).waitFor();
    await assertAccessible(ana, 'meeting settings');
    await ana.keyboard.press('Escape');
    await ana.getByTestId('more').click();
    await ana.getByTestId('settings').click();
    await ana.getByTestId('settings-dialog').waitFor();
    await assertAccessible(ana, 'devices');
    await bob.context().close();
    await ana.context().close();
  });

  test(`axe finds nothing in the preview in ${colorScheme}`, async () => {
    const room = await createRoom(server, { needs_pin: true });
    const page = await preview(browser, server, room.code, { colorScheme, reducedMotion: 'reduce' });
    await page.getByTestId('pin').waitFor();
    await assertAccessible(page, 'preview');
    await page.context().close();
  });
}

for (const viewport of PHONES) {
  test(`nothing is wider than a screen of ${viewport.width} px`, async () => {
    const phone = phoneOf(viewport);
    const room = await createRoom(server, { name: 'A rather long name for a weekly meeting of many people' });
    const start = await open(browser, `${server.url}/`, phone);
    await start.getByTestId('new-meeting').waitFor();
    await assertFits(start, 'landing');
    await start.context().close();

    const bob = await attend(browser, server, room.code, 'Bob');
    const ana = await preview(browser, server, room.code, phone);
    await assertFits(ana, 'preview');
    await enter(ana, 'Ana');
    await ana.locator('[data-test=tile][data-video=true]').nth(1).waitFor();
    await assertFits(ana, 'call');
    for (const control of ['mic', 'camera', 'chat', 'more', 'leave']) {
      const box = await ana.getByTestId(control).boundingBox();
      assert.ok(box.width >= 40 && box.height >= 40, `${control} is ${box.width} x ${box.height} px`);
      assert.ok(box.x >= 0 && box.x + box.width <= viewport.width && box.y + box.height <= viewport.height, `${control} is on screen`);
    }
    await ana.getByTestId('chat').tap();
    await ana.getByTestId('chat-input').fill('x'.repeat(200));
    await ana.getByTestId('chat-send').tap();
    await ana.getByTestId('chat-message').waitFor();
    await assertFits(ana, 'chat');
    await ana.getByTestId('panel-close').tap();
    await ana.getByTestId('more').tap();
    await ana.getByTestId('people-folded').tap();
    await ana.getByTestId('people-list').getByText('Bob').waitFor();
    await assertFits(ana, 'people');
    await bob.context().close();
    await ana.context().close();
  });
}
