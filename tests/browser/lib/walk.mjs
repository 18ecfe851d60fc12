//! Steps that page tests share: finding by `data-test`, starting and joining meetings as a person does.
import { selectors } from 'playwright-core';
import { open } from './chromium.mjs';

selectors.setTestIdAttribute('data-test');

/** Starts a meeting over REST; answers `{code, secret}`. `settings` are those of `POST /v1/rooms`. */
export async function createRoom(server, settings = {}) {
  const response = await fetch(`${server.url}/v1/rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  if (!response.ok) throw new Error(`creating a room: ${response.status} ${await response.text()}`);
  const answer = await response.json();
  const room = answer.room ?? answer;
  return { code: room.code, secret: answer.owner_secret ?? room.owner_secret };
}

/** Opens the preview of `code` in a context of its own and waits until the devices are settled. */
export async function preview(browser, server, code, options = {}) {
  const page = await open(browser, `${server.url}/m/${code}`, options);
  await page.getByTestId('preview-camera').waitFor();
  return page;
}

/** Joins from the preview under `name`; resolves in the call. */
export async function enter(page, name) {
  await page.getByTestId('name').fill(name);
  await page.getByTestId('join').click();
  await page.getByTestId('call').waitFor();
}

/** A page in the call. */
export async function attend(browser, server, code, name, options = {}) {
  const page = await preview(browser, server, code, options);
  await enter(page, name);
  return page;
}

/** A page in the call as the owner of the room. */
export function host(browser, server, { code, secret }, name, options = {}) {
  const keep = ([key, value]) => localStorage.setItem(key, value);
  const before = (page) => page.addInitScript(keep, [`convene.owner.${code}`, secret]);
  return attend(browser, server, code, name, { ...options, before });
}

/** Waits until `read()` answers with a value that `accepts` it. */
export async function eventually(read, accepts, what, timeout = 10_000) {
  const end = Date.now() + timeout;
  let last;
  while (Date.now() < end) {
    last = await read();
    if (accepts(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: still ${JSON.stringify(last)} after ${timeout} ms`);
}
