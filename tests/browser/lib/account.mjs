//! Steps of people with an account, on the real page.
import { open } from './chromium.mjs';
import { nextCode } from './mailbox.mjs';
import './walk.mjs';

export const PASSWORD = 'tin kettle morning';

let people = 0;
/** An address nobody has used before. */
export function newAddress(name) {
  people += 1;
  return `${name.toLowerCase()}.${people}@example.org`;
}

/** Makes an account on the page that is open; resolves at its meetings. */
export async function signUp(server, page, { name, email, password = PASSWORD }) {
  await page.goto(`${server.url}/signup`);
  await page.getByTestId('name').fill(name);
  await page.getByTestId('email').fill(email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('signup-form-submit').click();
  await enterCode(server, page, email);
}

/** Types the code that came by mail; resolves at one's meetings. */
export async function enterCode(server, page, email) {
  await page.getByTestId('otp').fill(await nextCode(server, email));
  await page.getByTestId('tab-meetings').waitFor();
}

export async function signIn(server, page, login, password) {
  await page.goto(`${server.url}/signin`);
  await page.getByTestId('login').fill(login);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('signin-form-submit').click();
  await page.getByTestId('tab-meetings').waitFor();
}

/** A context of its own in which somebody has just signed up. */
export async function newcomer(browser, server, name, options = {}) {
  const page = await open(browser, `${server.url}/signup`, options);
  const email = newAddress(name);
  await signUp(server, page, { name, email });
  return { page, email };
}

/** What the browser itself says of refusals that a test brought about. */
export const REFUSED = [/status of 4(01|03|09|22|29)/];
