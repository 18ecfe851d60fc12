//! People who use the SDK without the page: a meeting object in `globalThis.meeting`, its events in `globalThis.told`.
import { open } from './chromium.mjs';
import { install, PATIENCE_S, until } from './probe.mjs';

/** Opens the server's start page (for its origin and its policy) and joins there with the SDK. */
export async function joins(browser, server, options) {
  const page = await open(browser, `${server.url}/`, { before: install });
  page.setDefaultTimeout(PATIENCE_S * 1000);
  await page.evaluate(async (wish) => {
    const { Convene } = await import('/sdk/v1.js');
    const meeting = await Convene.join(wish);
    // What nothing plays, or only muted, has no energy in the browser's figures.
    const sounds = [];
    meeting.on('track', ({ person, source, kind }) => {
      if (kind === 'audio') sounds.push(Object.assign(new Audio(), { autoplay: true, srcObject: meeting.remote(person.peer)[source] }));
    });
    const told = [];
    const types = ['state', 'peer', 'peerleft', 'chat', 'muted', 'rights', 'room', 'receiving', 'refused', 'unmute_asked', 'signal', 'broadcast', 'hand', 'pins'];
    for (const type of types) meeting.on(type, (detail) => told.push({ type, ...detail }));
    Object.assign(globalThis, { Convene, meeting, told, sounds });
  }, options);
  return page;
}

/** Makes a room in a page of its own; resolves with what `Convene.create` gives. */
export async function room(browser, server, options = {}) {
  const page = await open(browser, `${server.url}/`);
  const made = await page.evaluate(async (wish) => (await import('/sdk/v1.js')).Convene.create(wish), options);
  await page.context().close();
  return made;
}

/** Calls a method of the page's meeting. */
export function does(page, method, ...args) {
  return page.evaluate(([name, given]) => globalThis.meeting[name](...given), [method, args]);
}

/** The code with which a call of the meeting is refused. */
export function refusedWith(page, method, ...args) {
  return page.evaluate(
    ([name, given]) => globalThis.meeting[name](...given).then(() => 'not refused', (error) => error.code),
    [method, args],
  );
}

/** Waits for an event of this type in which `fields` stand. */
export function hearsOf(page, type, fields = {}) {
  const came = ([wanted, parts]) =>
    globalThis.told.some((one) => one.type === wanted && Object.entries(parts).every(([key, value]) => JSON.stringify(one[key]) === JSON.stringify(value)));
  return until(page, came, [type, fields]);
}

export const selfOf = (page) => page.evaluate(() => globalThis.meeting.self.peer);
