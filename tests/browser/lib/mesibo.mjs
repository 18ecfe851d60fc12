//! People who use mesibo's old pages: pages of our own that behave as those do, from an origin of their own, with two addresses changed.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { open } from './chromium.mjs';
import { nextCode } from './mailbox.mjs';
import { install, PATIENCE_S } from './probe.mjs';
import { freePort } from './process.mjs';
import { Server } from './server.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const PAGES = join(HERE, '../pages/mesibo');
const TYPES = { html: 'text/html', js: 'text/javascript' };

/** What the operator of such pages changes: where the backend is, and the one line that names the library. */
function pointed(text, server) {
  return text.replace('https://app.mesibo.com/conf/api.php', `${server.url}/conf/api.php`).replace('https://api.mesibo.com/mesibo.js', `${server.url}/mesibo/mesibo.js`);
}

/** A server, and the pages on an origin of their own. */
export async function mesiboServer(config = {}) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const server = await Server.start({ 'http.allowed_origins': origin, 'limits.trusted_sources': '127.0.0.0/8', ...config });
  const pages = createServer(async (request, response) => {
    const name = new URL(request.url, origin).pathname.slice(1);
    const text = await readFile(join(PAGES, name), 'utf8').catch(() => null);
    if (text === null) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': `${TYPES[name.split('.').pop()]}; charset=utf-8` }).end(pointed(text, server));
  });
  await new Promise((done) => pages.listen(port, '127.0.0.1', done));
  const stop = async () => {
    pages.closeAllConnections();
    await new Promise((done) => pages.close(done));
    await server.stop();
  };
  return { server, origin, stop };
}

async function fill(page, fields) {
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
}

const toldIs = (page, text) => page.waitForFunction((wanted) => document.getElementById('told').innerText.trim() === wanted, text);

/** Runs in the page: what the library plays stands in no document. */
function keepSounds() {
  const sounds = (globalThis.sounds = []);
  const make = Document.prototype.createElement;
  Document.prototype.createElement = function (name, ...more) {
    const made = make.call(this, name, ...more);
    if (name === 'audio') sounds.push(made);
    return made;
  };
}

/** Signs in with the code that comes by mail. `before(page)` runs before the page is loaded. */
export async function person(browser, { server, origin }, name, { before = async () => {} } = {}) {
  const email = `${name.toLowerCase()}@example.org`;
  const page = await open(browser, `${origin}/login.html`, {
    before: async (fresh) => {
      fresh.said = [];
      fresh.on('console', (line) => fresh.said.push(line.text()));
      await install(fresh);
      await fresh.addInitScript(keepSounds);
      await before(fresh);
    },
  });
  page.setDefaultTimeout(PATIENCE_S * 1000);
  page.who = name;
  await fill(page, { name, email });
  await page.locator('#ask').click();
  await toldIs(page, 'login OK');
  await fill(page, { code: await nextCode(server, email) });
  await page.locator('#login').click();
  await page.waitForFunction(() => localStorage.getItem('user'));
  server.secrets.push(await page.evaluate(() => JSON.parse(localStorage.getItem('user')).token));
  return page;
}

/** Makes a room and goes there: its gid, pin, spin. */
export async function creates({ server }, page, name) {
  await fill(page, { 'room-name': name });
  await page.locator('#create').click();
  await page.waitForURL('**/index.html?room=*');
  const room = await page.evaluate(() => JSON.parse(localStorage.getItem('room')));
  server.secrets.push(room.pin, room.spin);
  return room;
}

/** Shows a PIN to a room and goes there. */
export async function enters(page, gid, pin) {
  await fill(page, { room: String(gid), pin });
  await page.locator('#enter').click();
  await page.waitForURL('**/index.html?room=*');
}

/** Resolves when a line of the page's ticker is this. */
export function hears(page, line) {
  return page.waitForFunction((wanted) => [...document.querySelectorAll('#ticker li')].some((one) => one.innerText === wanted), line).catch(async (error) => {
    const lines = await page.locator('#ticker li').allInnerTexts();
    throw new Error(`${page.who} never heard "${line}" but ${JSON.stringify(lines)}, and said ${JSON.stringify(page.said)}`, { cause: error });
  });
}

export const lines = (page) => page.locator('#ticker li').allInnerTexts();

/** Says something to the whole room. */
export async function says(page, text) {
  await page.locator('#text').fill(text);
  await page.locator('#send').click();
}

/** Resolves when the page lists these messages: `>` one's own, `<` others'. */
export function lists(page, wanted) {
  return page.waitForFunction((all) => JSON.stringify([...document.querySelectorAll('#messages li')].map((one) => one.innerText)) === JSON.stringify(all), wanted);
}

/** A camera on every line of every description, whatever the library meant to send. */
export function sendsRegardless(page) {
  return page.addInitScript(() => {
    const camera = (globalThis.camera = navigator.mediaDevices.getUserMedia({ audio: true, video: true }));
    const Real = globalThis.RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Real {
      async force() {
        const stream = await camera;
        for (const line of this.getTransceivers()) {
          if (line.direction === 'stopped') continue;
          const track = stream.getTracks().find(({ kind }) => kind === line.receiver.track.kind);
          line.direction = 'sendrecv';
          await line.sender.replaceTrack(track);
          globalThis.forced = (globalThis.forced ?? 0) + 1;
        }
      }
      async setLocalDescription(...given) {
        await this.force();
        return super.setLocalDescription(...given);
      }
    };
  });
}
