//! axe-core finds nothing on any of the account's views, in light and dark, on phones of 390 and 320 px; and none is too wide.
import { test } from 'node:test';
import { assertAccessible, assertFits, phoneOf, PHONES } from './lib/access.mjs';
import { newAddress, newcomer, PASSWORD } from './lib/account.mjs';
import { open } from './lib/chromium.mjs';
import { browser, server } from './lib/stage.mjs';
import { createRoom } from './lib/walk.mjs';

const LOOKS = [
  ...['light', 'dark'].map((colorScheme) => ({ what: `in ${colorScheme}`, options: { colorScheme } })),
  ...PHONES.map((viewport, at) => ({ what: `on ${viewport.width} px`, options: { ...phoneOf(viewport), colorScheme: at === 0 ? 'light' : 'dark', locale: at === 0 ? 'en-US' : 'de-DE' } })),
];

async function assertGood(page, view) {
  await assertAccessible(page, view);
  await assertFits(page, view);
}

for (const { what, options } of LOOKS) {
  const looks = { ...options, reducedMotion: 'reduce' };

  test(`the doors are accessible ${what}`, async () => {
    const page = await open(browser, `${server.url}/signin`, looks);
    await page.getByTestId('login').fill(newAddress('nobody'));
    await page.getByTestId('password').fill('not a password');
    await assertGood(page, 'sign in');
    await page.getByTestId('signin-form-submit').click();
    await page.getByTestId('password-error').waitFor();
    await assertGood(page, 'sign in, refused');
    await page.getByTestId('by-code').click();
    await assertGood(page, 'sign in by code');
    await page.getByTestId('address-form-submit').click();
    await page.getByTestId('otp').fill('000000');
    await page.getByTestId('otp-error').waitFor();
    await assertGood(page, 'a wrong code');

    await page.goto(`${server.url}/signup`);
    await page.getByTestId('signup-form-submit').click();
    await page.getByTestId('name-error').waitFor();
    await page.getByTestId('password').fill('short');
    await assertGood(page, 'sign up, incomplete');
    await page.getByTestId('swap-factor').click();
    await page.getByTestId('phone').fill('+49 30 901820');
    await assertGood(page, 'sign up by phone');

    await page.goto(`${server.url}/forgot`);
    await page.getByTestId('email').fill(newAddress('nobody'));
    await assertGood(page, 'forgot');
    await page.getByTestId('forgot-form-submit').click();
    await page.getByTestId('forgot-sent').waitFor();
    await assertGood(page, 'forgot, sent');
    await page.goto(`${server.url}/reset#token=cvr_x`);
    await page.getByTestId('password').fill(PASSWORD);
    await assertGood(page, 'reset');
    await page.getByTestId('reset-form-submit').click();
    await page.getByTestId('reset-dead').waitFor();
    await assertGood(page, 'reset, too late');
    await page.context().close();
  });

  test(`one's own pages are accessible ${what}`, async () => {
    const { page } = await newcomer(browser, server, 'Ana', looks);
    const { code, secret } = await createRoom(server, { name: 'A rather long name for a weekly meeting of many people' });
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`convene.owner.${code}`, secret]);
    await page.reload();
    await page.getByTestId('claim-offer').waitFor();
    await assertGood(page, 'an offer to claim');
    await page.getByTestId('claim').click();
    await page.getByTestId('meeting').waitFor();
    await assertGood(page, 'meetings');
    await page.getByTestId('end-meeting').click();
    await page.getByTestId('confirm').waitFor();
    await assertGood(page, 'a question');
    await page.keyboard.press('Escape');
    await page.getByTestId('tab-history').click();
    await page.locator('[data-test=history] li').first().waitFor();
    await assertGood(page, 'history');

    await page.getByTestId('tab-account').click();
    await page.getByTestId('session').waitFor();
    await page.getByTestId('event').first().waitFor();
    await assertGood(page, 'account');
    await page.getByTestId('change-email').click();
    await page.getByTestId('email').fill(newAddress('other'));
    await page.getByTestId('factor-form-submit').click();
    await page.getByTestId('otp').waitFor();
    await assertGood(page, 'a new address');
    await page.keyboard.press('Escape');
    for (const [opens, dialog] of [['change-password', 'password-dialog'], ['new-key', 'key-dialog'], ['delete', 'delete-dialog']]) {
      await page.getByTestId(opens).click();
      await page.getByTestId(dialog).waitFor();
      await assertGood(page, dialog);
      await page.keyboard.press('Escape');
      await page.getByTestId(dialog).waitFor({ state: 'detached' });
    }
    await page.getByTestId('account-menu').click();
    await page.getByTestId('sign-out').waitFor();
    await assertGood(page, 'the menu');
    await page.context().close();
  });
}
