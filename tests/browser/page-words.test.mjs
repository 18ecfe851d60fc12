//! What the page says when something isn't as hoped: devices, doors, PINs; and that it says it in two languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoProblems, launch, open } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';
import { attend, createRoom, enter, eventually, host, preview } from './lib/walk.mjs';

let refusing;
let bare;
before(async () => {
  refusing = await launch({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'] });
  bare = await launch({ flags: ['--use-fake-ui-for-media-stream'] });
});
after(async () => {
  await bare?.close();
  await refusing?.close();
});

test('a refused camera is said in plain words, and one joins without', async () => {
  const { code } = await createRoom(server);
  const page = await preview(refusing, server, code);
  await page.getByTestId('media-problem').getByText('Convene may not use your camera and microphone').waitFor();
  await enter(page, 'Ana');
  await page.getByTestId('camera').click();
  await page.getByTestId('device-problem').waitFor();
  assert.equal(await page.getByTestId('camera').getAttribute('aria-pressed'), 'false');
  assertNoProblems(page);
  await page.context().close();
});

test('absent devices are said in plain words', async () => {
  const { code } = await createRoom(server);
  const page = await preview(bare, server, code);
  await page.getByTestId('media-problem').getByText(/No camera and microphone found/).waitFor();
  await enter(page, 'Ana');
  await page.context().close();
});

test('German speaks German, and the choice is remembered', async () => {
  const page = await open(browser, `${server.url}/`, { locale: 'de-DE' });
  await page.getByRole('button', { name: 'Neues Treffen' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await page.getByTestId('language').selectOption('en');
  await page.getByRole('button', { name: 'New meeting' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'New meeting' }).waitFor();
  await page.getByTestId('code').fill('no code');
  await page.getByTestId('join-code').click();
  await page.getByText('That is not a meeting code').waitFor();
  assertNoProblems(page);
  await page.context().close();
});

test('a full meeting says so and lets one try again', async () => {
  const { code } = await createRoom(server, { capacity: 1 });
  const ana = await attend(browser, server, code, 'Ana');
  const bob = await preview(browser, server, code);
  await bob.getByTestId('name').fill('Bob');
  await bob.getByTestId('join').click();
  await bob.getByRole('heading', { name: 'The meeting is full' }).waitFor();
  await ana.getByTestId('leave').click();
  await ana.getByTestId('ending').waitFor();
  await bob.getByTestId('again').click();
  await bob.getByTestId('preview-camera').waitFor();
  await bob.getByTestId('join').click();
  await bob.getByTestId('call').waitFor();
  await ana.context().close();
  await bob.context().close();
});

test('a locked meeting says so', async () => {
  const room = await createRoom(server);
  const ana = await host(browser, server, room, 'Ana');
  await ana.getByTestId('more').click();
  await ana.getByTestId('room-settings').click();
  await ana.getByTestId('lock').click();
  await ana.getByTestId('locked').waitFor();
  const bob = await preview(browser, server, room.code);
  await bob.getByTestId('name').fill('Bob');
  await bob.getByTestId('join').click();
  await bob.getByRole('heading', { name: 'The meeting is locked' }).waitFor();
  await ana.context().close();
  await bob.context().close();
});

test('a name that cannot be shown is said to be at fault, and another one joins', async () => {
  const { code } = await createRoom(server);
  const page = await preview(browser, server, code);
  await page.getByTestId('name').fill('\u202eanA');
  await page.getByTestId('join').click();
  await page.getByTestId('join-error').getByText("This name can't be used").waitFor();
  assert.equal(await page.getByTestId('name').getAttribute('aria-invalid'), 'true');
  await enter(page, 'Ana');
  assertNoProblems(page);
  await page.context().close();
});

test('an unknown code says so', async () => {
  const page = await open(browser, `${server.url}/m/zzz-zzzz-zzz`);
  await page.getByRole('heading', { name: 'No such meeting' }).waitFor();
  await page.context().close();
});

test('a PIN is asked for, a wrong one is said to be wrong, the viewer PIN makes a viewer', async () => {
  const room = await createRoom(server, { needs_pin: true });
  const ana = await host(browser, server, room, 'Ana');
  await ana.getByTestId('more').click();
  await ana.getByTestId('room-settings').click();
  const spin = ana.getByTestId('spin');
  const viewerPin = await eventually(() => spin.textContent(), (pin) => /^\d{4} \d{4}$/.test(pin), 'the viewer PIN is shown');

  const bob = await preview(browser, server, room.code);
  await bob.getByTestId('name').fill('Bob');
  await bob.getByTestId('pin').fill('10000000');
  await bob.getByTestId('join').click();
  await bob.getByTestId('join-error').getByText("That PIN isn't right.").waitFor();
  await bob.getByTestId('pin').fill(viewerPin.replace(' ', ''));
  await bob.getByTestId('join').click();
  await bob.getByTestId('call').waitFor();
  assert.equal(await bob.getByTestId('camera').getAttribute('aria-disabled'), 'true');
  await ana.keyboard.press('Escape');
  await ana.getByTestId('people').click();
  await ana.getByTestId('people-list').getByTestId('person').filter({ hasText: 'Bob' }).getByText('Viewer').waitFor();
  await ana.context().close();
  await bob.context().close();
});

test('a kept secret that opens nothing any more is forgotten, and one joins as anybody', async () => {
  const { code } = await createRoom(server);
  const ana = await host(browser, server, { code, secret: `cvo_${'A'.repeat(43)}` }, 'Ana');
  await ana.getByTestId('people').click();
  await ana.getByTestId('people-list').getByTestId('person').getByText('Participant').waitFor();
  assert.equal(await ana.evaluate((key) => localStorage.getItem(key), `convene.owner.${code}`), null);
  await ana.context().close();
});

test('who is removed is told', async () => {
  const room = await createRoom(server);
  const ana = await host(browser, server, room, 'Ana');
  const bob = await attend(browser, server, room.code, 'Bob');
  await ana.getByTestId('people').click();
  await ana.getByTestId('people-list').getByTestId('person').filter({ hasText: 'Bob' }).getByTestId('person-actions').click();
  await ana.getByTestId('kick').click();
  await ana.getByTestId('confirm-yes').click();
  await bob.getByRole('heading', { name: 'You were removed' }).waitFor();
  await ana.getByTestId('toast-left').getByText('Bob was removed').waitFor();
  await ana.context().close();
  await bob.context().close();
});
