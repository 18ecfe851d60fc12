//! People who use the real page: start a meeting, join by its link, look at tiles, write.
import assert from 'node:assert/strict';
import { networkSwitch, open } from './chromium.mjs';
import { install, PATIENCE_S, until } from './probe.mjs';

export const at = (name) => `[data-test="${name}"]`;

/** Opens the page as somebody; `network` gives `page.network` with `cut` and `heal`. */
async function person(browser, url, name, { network = false, ...options } = {}) {
  const before = async (page) => {
    if (network) page.network = await networkSwitch(page);
    await install(page);
  };
  const page = await open(browser, url, { before, ...options });
  page.who = name;
  page.setDefaultTimeout(PATIENCE_S * 1000);
  return page;
}

/** Fills in the preview and enters. */
export async function enter(page) {
  await page.locator(at('name')).fill(page.who);
  await page.locator(at('join')).click();
  await page.locator(at('call')).waitFor({ timeout: PATIENCE_S * 1000 });
}

/** Starts a meeting from the landing page. */
export async function host(browser, server, name, options) {
  const page = await person(browser, `${server.url}/`, name, options);
  await page.locator(at('new-meeting')).click();
  await page.locator(at('name')).waitFor();
  await enter(page);
  return page;
}

/** Comes in by the link that the host's address bar shows. */
export async function guest(browser, hostPage, name, options) {
  const page = await person(browser, hostPage.url(), name, options);
  await page.locator(at('name')).waitFor();
  await enter(page);
  return page;
}

/** The camera tile of somebody as `page` shows it. */
export function tile(page, name, source = 'camera') {
  return page.locator(`${at('tile')}[data-source="${source}"]`).filter({ hasText: name });
}

/** Resolves when the tile of everyone named shows a picture that moves. */
export async function sees(page, ...names) {
  for (const name of names) await moves(page, tile(page, name));
}

/** Resolves when the picture in `place` goes on by ten frames. */
export async function moves(page, place) {
  await place.and(page.locator('[data-video="true"]')).waitFor({ timeout: PATIENCE_S * 1000 });
  const video = await place.locator('video').elementHandle();
  const shown = (element) => element.getVideoPlaybackQuality().totalVideoFrames;
  const before = await video.evaluate(shown);
  await until(page, ([element, from]) => element.getVideoPlaybackQuality().totalVideoFrames > from + 10, [video, before]);
}

/** Opens the chat if it is closed, writes and sends. */
export async function write(page, text) {
  const input = page.locator(at('chat-input'));
  if (!(await input.isVisible())) await page.locator(at('chat')).click();
  await input.fill(text);
  await page.locator(at('chat-send')).click();
}

/** The texts in the chat list once there are `count` of them. */
export async function reads(page, count) {
  const list = page.locator(at('chat-message'));
  if (!(await page.locator(at('chat-input')).isVisible())) await page.locator(at('chat')).click();
  await list.nth(count - 1).waitFor({ timeout: PATIENCE_S * 1000 });
  return list.count();
}

/** Fails unless the chat holds these texts, each once, in this order. */
export async function chatIs(page, texts) {
  await reads(page, texts.length);
  const shown = await page.locator(at('chat-message')).allInnerTexts();
  assert.equal(shown.length, texts.length, `${page.who} reads ${JSON.stringify(shown)}`);
  texts.forEach((text, place) => assert.ok(shown[place].includes(text), `${page.who} reads ${JSON.stringify(shown)}, not ${text} at ${place}`));
}

/** Resolves when the page says that its connection to the server is in this state. */
export function stateIs(page, state, seconds = PATIENCE_S) {
  return page.locator(`${at('status')}[data-state="${state}"]`).waitFor({ state: 'attached', timeout: seconds * 1000 });
}

/** How everybody else is addressed, as `page` shows it: name → peer id. */
export function peerOf(page, name) {
  return tile(page, name).getAttribute('data-peer');
}
