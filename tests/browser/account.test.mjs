//! An account's life on the page: made with a mailed code, its meetings, a reset by the mailed link, devices and their end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { newAddress, newcomer, PASSWORD, REFUSED, signIn, signUp } from './lib/account.mjs';
import { nextCode, nextReset } from './lib/mailbox.mjs';
import { browser, server } from './lib/stage.mjs';
import { eventually } from './lib/walk.mjs';

const NEW_PASSWORD = 'copper lantern river';

test('sign up, meet, sign out, reset by mail, sign in elsewhere, revoke, and the call there ends', async () => {
  const ana = await open(browser, `${server.url}/`);
  const email = newAddress('Ana');
  await signUp(server, ana, { name: 'Ana Berg', email });

  await ana.getByTestId('new-meeting').click();
  await ana.getByTestId('preview-camera').waitFor();
  assert.equal(await ana.getByTestId('name').inputValue(), 'Ana Berg', 'the name is there already');
  await ana.getByTestId('join').click();
  await ana.getByTestId('call').waitFor();
  const meeting = ana.url();
  await ana.getByTestId('leave').click();
  await ana.getByTestId('leave-only').click();
  await ana.getByTestId('home').click();

  await ana.getByTestId('account-menu').click();
  await ana.getByTestId('sign-out').click();
  await ana.getByTestId('to-signin').click();
  assert.equal(await ana.evaluate(() => localStorage.getItem('convene.account')), null);

  await ana.getByTestId('to-forgot').click();
  await ana.getByTestId('email').fill(email);
  await ana.getByTestId('forgot-form-submit').click();
  await ana.getByTestId('forgot-sent').waitFor();
  const link = await nextReset(server, email);
  await ana.goto(server.url + link);
  await ana.getByTestId('reset-form').waitFor();
  assert.equal(ana.url(), `${server.url}/reset`, 'the secret has left the address bar');
  await ana.getByTestId('password').fill(NEW_PASSWORD);
  await ana.getByTestId('reset-form-submit').click();
  await ana.getByTestId('reset-done').waitFor();
  await signIn(server, ana, email, NEW_PASSWORD);
  await ana.getByTestId('meeting').waitFor();

  const laptop = await open(browser, `${server.url}/signin?next=${new URL(meeting).pathname}`);
  await laptop.getByTestId('by-code').click();
  await laptop.getByTestId('address').fill(email);
  await laptop.getByTestId('address-form-submit').click();
  await laptop.getByTestId('otp').waitFor();
  await laptop.getByTestId('otp').fill(await nextCode(server, email));
  await laptop.getByTestId('preview-camera').waitFor();
  await laptop.getByTestId('join').click();
  await laptop.getByTestId('call').waitFor();

  await ana.getByTestId('tab-account').click();
  const other = ana.locator('[data-test=session][data-current=false]');
  await other.waitFor();
  await other.getByTestId('end-session').click();
  await laptop.getByTestId('ending').waitFor();
  assert.equal(await laptop.getByTestId('ending').getAttribute('data-ending'), 'revoked');
  await laptop.getByRole('heading', { name: 'You were signed out here' }).waitFor();
  await laptop.getByTestId('to-signin').first().waitFor();
  await eventually(() => ana.getByTestId('session').count(), (count) => count === 1, 'one device is left');
  assertNoProblems(ana, REFUSED);
  assertNoProblems(laptop, REFUSED);
  await ana.context().close();
  await laptop.context().close();
});

test('a reset link works once, and tells of itself to nobody', async () => {
  const { page, email } = await newcomer(browser, server, 'Bea');
  await page.goto(`${server.url}/forgot`);
  await page.getByTestId('email').fill(email);
  await page.getByTestId('forgot-form-submit').click();
  const link = await nextReset(server, email);
  const token = new URLSearchParams(link.split(/[?#]/)[1]).get('token');

  const asked = [];
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`));
  await page.goto(`${server.url}/reset?token=${token}`);
  await page.getByTestId('reset-form').waitFor();
  assert.ok(asked.length > 3);
  assert.deepEqual(asked.slice(1).filter((line) => line.includes(token)), [], 'only the document itself');
  assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML + location.href + JSON.stringify({ ...localStorage, ...sessionStorage }))).includes(token));
  await page.reload();
  await page.getByTestId('password').fill(NEW_PASSWORD);
  await page.getByTestId('reset-form-submit').click();
  await page.getByTestId('reset-done').waitFor();

  await page.goto(server.url + link);
  await page.getByTestId('password').fill(NEW_PASSWORD);
  await page.getByTestId('reset-form-submit').click();
  await page.getByTestId('reset-dead').waitFor();
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('a meeting that was started as a guest is taken into the account', async () => {
  const page = await open(browser, `${server.url}/`);
  await page.getByTestId('new-meeting').click();
  await page.getByTestId('preview-camera').waitFor();
  const meeting = page.url();
  const code = meeting.split('/').pop();
  await signUp(server, page, { name: 'Cleo', email: newAddress('Cleo') });
  await page.getByTestId('claim').click();
  await page.locator(`[data-test=meeting][data-code=${code}]`).waitFor();
  await page.getByTestId('claim-offer').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate((key) => localStorage.getItem(key), `convene.owner.${code}`), null, 'its secret is no longer kept');
  await page.getByTestId('open').click();
  await page.getByTestId('preview-camera').waitFor();
  await page.getByTestId('join').click();
  await page.getByTestId('call').waitFor();
  await page.getByTestId('leave').click();
  await page.getByTestId('end').waitFor();
  await page.getByTestId('leave-only').click();

  await page.getByTestId('account-menu').click();
  await page.getByTestId('menu-history').click();
  await page.getByTestId('call-row').getByText('Cleo').waitFor();
  await page.getByTestId('tab-meetings').click();
  await page.getByTestId('end-meeting').click();
  await page.getByTestId('confirm-yes').click();
  await page.getByText('No meetings yet').waitFor();
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('who comes to a page of their own without being signed in gets there by signing in', async () => {
  const { page, email } = await newcomer(browser, server, 'Dan');
  await page.context().clearCookies();
  await page.goto(`${server.url}/account`);
  await page.getByTestId('login').fill(email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('signin-form-submit').click();
  await page.getByTestId('profile').waitFor();
  for (const foreign of ['https://example.org/', '//example.org', '/\\example.org', 'javascript:alert(1)', '/docs']) {
    await page.goto(`${server.url}/signin?next=${encodeURIComponent(foreign)}`);
    await page.getByTestId('tab-meetings').waitFor();
    assert.equal(page.url(), `${server.url}/meetings`, foreign);
  }
  assertNoProblems(page, REFUSED);
  await page.context().close();
});
