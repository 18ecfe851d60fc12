//! The account's forms: by keyboard alone, errors beside their field, what password managers read, codes sent anew, changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newAddress, newcomer, PASSWORD, REFUSED, signIn } from './lib/account.mjs';
import { assertNoProblems, open } from './lib/chromium.mjs';
import { nextCode } from './lib/mailbox.mjs';
import { browser, server } from './lib/stage.mjs';
import { eventually } from './lib/walk.mjs';

const focused = (page) => page.evaluate(() => document.activeElement?.dataset.test ?? '');

async function tabTo(page, wanted) {
  for (let step = 0; step < 30; step += 1) {
    if ((await focused(page)) === wanted) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${wanted}`);
}

/** The words beside a field, if it is marked as wrong and they are tied to it. */
function wordsBeside(page, field) {
  return page.getByTestId(field).evaluate((input) => {
    const told = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id));
    return input.getAttribute('aria-invalid') === 'true' ? (told.find((one) => one?.className === 'field-error')?.textContent ?? '') : null;
  });
}

test('someone signs up without a mouse, and signs out', async () => {
  const page = await open(browser, `${server.url}/`);
  const email = newAddress('Kim');
  await page.getByTestId('new-meeting').waitFor();
  await tabTo(page, 'to-signin');
  await page.keyboard.press('Enter');
  await page.getByTestId('login').waitFor();
  await tabTo(page, 'to-signup');
  await page.keyboard.press('Enter');
  await eventually(() => focused(page), (at) => at === 'name', 'writing begins at the name');
  await page.keyboard.type('Kim');
  await tabTo(page, 'email');
  await page.keyboard.type(email);
  await tabTo(page, 'password');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await eventually(() => focused(page), (at) => at === 'otp', 'the code is next');
  await page.keyboard.type(await nextCode(server, email)); // the sixth digit sends it
  await page.getByTestId('tab-meetings').waitFor();
  await tabTo(page, 'account-menu');
  await page.keyboard.press('Enter');
  await eventually(() => focused(page), (at) => at === 'menu-meetings', 'the menu has the focus');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByTestId('signed-out').waitFor();
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('errors stand beside their field, and the first one has the focus', async () => {
  const taken = await newcomer(browser, server, 'Ana');
  await taken.page.goto(`${server.url}/account`);
  await taken.page.getByTestId('profile-username').fill('ana.taken');
  await taken.page.getByTestId('profile-form-submit').click();
  await taken.page.getByTestId('saved').waitFor();
  await taken.page.context().close();

  const page = await open(browser, `${server.url}/signup`);
  await page.getByTestId('signup-form-submit').click();
  assert.equal(await focused(page), 'name');
  assert.equal(await wordsBeside(page, 'name'), 'Please enter a name.');
  assert.equal(await wordsBeside(page, 'email'), 'Please enter an e-mail address.');
  assert.equal(await wordsBeside(page, 'password'), null, 'it may be empty');
  await page.getByTestId('name').fill('Ana');
  assert.equal(await wordsBeside(page, 'name'), null, 'writing takes the error away');

  const refusedFor = async (field, words) => {
    await page.getByTestId('signup-form-submit').click();
    await eventually(() => wordsBeside(page, field), (told) => told === words, `${field}: ${words}`);
    assert.equal(await focused(page), field);
  };
  await page.getByTestId('email').fill('no address');
  await refusedFor('email', 'That is not an e-mail address. It looks like name@example.org.');
  await page.getByTestId('email').fill(newAddress('Ana'));
  await page.getByTestId('password').fill('password123');
  await refusedFor('password', 'This password is too easy to guess. A few unrelated words are better.');
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('username').fill('Ana.Taken');
  await refusedFor('username', 'This username is taken. Please choose another.');
  await page.getByTestId('swap-factor').click();
  await page.getByTestId('phone').fill('12');
  await refusedFor('phone', 'That is not a phone number. It begins with its country code, such as +49.');

  await page.goto(`${server.url}/signin`);
  await page.getByTestId('login').fill(taken.email);
  await page.getByTestId('password').fill('not my password');
  await page.getByTestId('signin-form-submit').click();
  await page.getByTestId('password-error').getByText("These don't fit together").waitFor();
  assert.equal(await focused(page), 'password');
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('a wrong code is said to be wrong, a new one can be asked for, and then the server asks to wait', async () => {
  const page = await open(browser, `${server.url}/signup`);
  const email = newAddress('Lou');
  await page.getByTestId('name').fill('Lou');
  await page.getByTestId('email').fill(email);
  await page.getByTestId('signup-form-submit').click();
  const first = await nextCode(server, email);
  await page.getByTestId('otp').fill(first === '000000' ? '000001' : '000000');
  await page.getByTestId('otp-error').getByText("That code isn't right").waitFor();
  await page.getByTestId('resend').click();
  await page.getByTestId('resend-words').getByText('A new code is on its way').waitFor();
  const second = await nextCode(server, email);
  const resend = page.getByTestId('resend');
  const resting = resend.getByText(/New code possible in \d+ (seconds?|minutes?)/);
  for (let more = 0; more < 5 && !(await resting.isVisible()); more += 1) {
    await resend.click();
    await eventually(async () => (await resting.isVisible()) || (await resend.getAttribute('aria-disabled')) === null, Boolean, 'an answer');
  }
  await resting.waitFor();
  assert.match(second, /^\d{6}$/);
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('forms say what password managers need to know', async () => {
  const page = await open(browser, `${server.url}/signin`);
  const fields = (form) => page.getByTestId(form).evaluate((element) => [element.tagName, ...[...element.querySelectorAll('input')].map(({ name, type, autocomplete }) => `${name} ${type} ${autocomplete}`)]);
  assert.deepEqual(await fields('signin-form'), ['FORM', 'login text username', 'password password current-password']);
  await page.goto(`${server.url}/signup`);
  assert.deepEqual(await fields('signup-form'), ['FORM', 'name text name', 'email email username', 'phone tel tel', 'password password new-password', 'username text off']);
  await page.goto(`${server.url}/reset?token=cvr_x`);
  assert.deepEqual(await fields('reset-form'), ['FORM', 'password password new-password']);
  const { page: own, email } = await newcomer(browser, server, 'Pat');
  await own.goto(`${server.url}/account`);
  await own.getByTestId('change-password').click();
  const inputs = own.getByTestId('password-form').locator('input');
  assert.deepEqual(await inputs.evaluateAll((all) => all.map(({ autocomplete }) => autocomplete)), ['username', 'current-password', 'new-password']);
  assert.equal(await inputs.first().inputValue(), email);
  await own.context().close();
  await page.context().close();
});

test('name, address and password are changed, and the old password opens nothing', async () => {
  const { page } = await newcomer(browser, server, 'Max');
  await page.getByTestId('tab-account').click();
  await page.getByTestId('profile-name').fill('Maxine');
  await page.getByTestId('profile-form-submit').click();
  await page.getByTestId('own-name').getByText('Maxine').waitFor();
  const email = newAddress('maxine');
  await page.getByTestId('change-email').click();
  await page.getByTestId('email').fill(email);
  await page.getByTestId('factor-form-submit').click();
  await page.getByTestId('otp').fill(await nextCode(server, email));
  await page.getByTestId('ways').getByText(email).waitFor();
  await page.getByTestId('change-password').click();
  await page.getByTestId('current').fill('not my password');
  await page.getByTestId('password').fill('copper lantern river');
  await page.getByTestId('password-form-submit').click();
  await page.getByTestId('current-error').getByText('That is not your password.').waitFor();
  await page.getByTestId('current').fill(PASSWORD);
  await page.getByTestId('password-form-submit').click();
  await page.getByTestId('password-dialog').waitFor({ state: 'detached' });

  await page.context().clearCookies();
  await page.goto(`${server.url}/signin`);
  await page.getByTestId('login').fill(email);
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('signin-form-submit').click();
  await page.getByTestId('password-error').getByText("These don't fit together").waitFor();
  await signIn(server, page, email, 'copper lantern river');
  assertNoProblems(page, REFUSED);
  await page.context().close();
});

test('a key is made, shown once and revoked; the data is a file; the account goes, and comes back by signing in', async () => {
  const { page, email } = await newcomer(browser, server, 'Nia');
  await page.getByTestId('tab-account').click();
  await page.getByTestId('new-key').click();
  await page.getByTestId('key-name').fill('Moodle');
  await page.getByTestId('key-form-submit').click();
  const secret = await page.getByTestId('key-secret').textContent();
  assert.match(secret, /^cvk_[\w-]{43}$/);
  await page.keyboard.press('Escape');
  await page.getByTestId('key').getByText('Moodle').waitFor();
  assert.ok(!(await page.content()).includes(secret));
  const listing = async () => (await fetch(`${server.url}/v1/rooms`, { headers: { authorization: `Bearer ${secret}` } })).status;
  assert.equal(await listing(), 200);
  await page.getByTestId('revoke-key').click();
  await page.getByTestId('confirm-yes').click();
  await page.getByTestId('key').waitFor({ state: 'detached' });
  assert.equal(await listing(), 401);

  const download = page.waitForEvent('download');
  await page.getByTestId('export').click();
  const chunks = [];
  for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
  assert.ok(JSON.stringify(JSON.parse(Buffer.concat(chunks).toString('utf8'))).includes(email));

  await page.getByTestId('delete').click();
  await page.getByTestId('password').fill(PASSWORD);
  await page.getByTestId('delete-form-submit').click();
  await page.getByTestId('deleted').waitFor();
  await signIn(server, page, email, PASSWORD);
  assertNoProblems(page, REFUSED);
  await page.context().close();
});
