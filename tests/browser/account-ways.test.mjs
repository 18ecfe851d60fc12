//! Ways in that are rarer: a phone number, an address that was never confirmed, a username; and what the session leaves in the browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enterCode, newAddress, newcomer, PASSWORD, REFUSED, signIn } from './lib/account.mjs';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { nextCode, nextTextCode } from './lib/mailbox.mjs';
import { browser, server } from './lib/stage.mjs';

test('someone signs up by phone without a password, and signs in by code', async () => {
  const page = await open(browser, `${server.url}/signup`);
  await page.getByTestId('name').fill('Finn');
  await page.getByTestId('swap-factor').click();
  await page.getByTestId('phone').fill('+49 151 23456789');
  await page.getByTestId('signup-form-submit').click();
  await page.getByTestId('otp').waitFor();
  await page.getByTestId('otp').fill(await nextTextCode(server, '+4915123456789'));
  await page.getByTestId('tab-meetings').waitFor();
  await page.getByTestId('account-menu').click();
  await page.getByTestId('sign-out').click();

  await page.getByTestId('signed-out').waitFor();
  await page.getByTestId('to-signin').click();
  await page.getByTestId('by-code').click();
  await page.getByTestId('address').fill('finn');
  await page.getByTestId('address-form-submit').click();
  await page.getByTestId('address-error').getByText('neither an e-mail address nor a phone number').waitFor();
  await page.getByTestId('address').fill('+49 (151) 23456789');
  await page.getByTestId('address-form-submit').click();
  await page.getByTestId('otp').fill(await nextTextCode(server, '+4915123456789'));
  await page.getByTestId('own-name').getByText('Finn').waitFor();
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('the last way in stays', async () => {
  const page = await open(browser, `${server.url}/signup`);
  const email = newAddress('Ida');
  await page.getByTestId('name').fill('Ida');
  await page.getByTestId('email').fill(email);
  await page.getByTestId('signup-form-submit').click();
  await enterCode(server, page, email);
  await page.getByTestId('tab-account').click();
  await page.getByTestId('remove-email').click();
  await page.getByTestId('confirm-yes').click();
  await page.getByTestId('refused').getByText('This is the last way in').waitFor();
  await page.getByTestId('ways').getByText(email).waitFor();
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('whoever left before the code came gets another one at the sign-in', async () => {
  const page = await open(browser, `${server.url}/signup`);
  const email = newAddress('Gil');
  await page.getByTestId('name').fill('Gil');
  await page.getByTestId('email').fill(email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('signup-form-submit').click();
  await nextCode(server, email);
  await page.goto(`${server.url}/signin`);
  await page.getByTestId('login').fill(email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('signin-form-submit').click();
  await enterCode(server, page, email);
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('a username opens the account too; no script can read the session, and signing out leaves nothing', async () => {
  const { page } = await newcomer(browser, server, 'Hana');
  await page.getByTestId('tab-account').click();
  await page.getByTestId('profile-username').fill('hana.k');
  await page.getByTestId('profile-form-submit').click();
  await page.getByTestId('saved').waitFor();
  await page.getByTestId('profile-username').fill('no');
  await page.getByTestId('profile-form-submit').click();
  await page.getByTestId('profile-username-error').getByText("That can't be a username").waitFor();
  const [cookie] = await page.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Lax']);
  const readable = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.ok(!readable.includes(cookie.value));

  await page.getByTestId('account-menu').click();
  await page.getByTestId('sign-out').click();
  await page.getByTestId('signed-out').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).includes('Hana'));
  await signIn(server, page, 'HANA.K', PASSWORD);
  assertNoProblems(page, REFUSED);
  await page.context().close();
});
