//! People who use a Meet client: pages of our own that ask and answer as its pages do, served from a folder as an operator would.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from './chromium.mjs';
import { nextMail } from './mailbox.mjs';
import { install, PATIENCE_S } from './probe.mjs';
import { freePort } from './process.mjs';
import { Server } from './server.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const PAGES = join(HERE, '../meet');
const PASSWORD = 'secret';

/** Copies the pages to `folder` and writes the socket's address into the one that names it, as their operator has to. */
async function deploy(folder, socket) {
  await cp(PAGES, folder, { recursive: true });
  const page = join(folder, 'dashboard/call.php');
  await writeFile(page, (await readFile(page, 'utf8')).replace('ws://0.0.0.0:8000', socket));
}

/** A server with those pages, and Meet's sockets on a port of their own. */
export async function meetServer(folder) {
  const port = await freePort();
  await deploy(folder, `ws://127.0.0.1:${port}`);
  return Server.start({ 'dialects.meet.static_dir': folder, 'dialects.meet.bind': `127.0.0.1:${port}` });
}

const address = (name) => `${name.toLowerCase()}@example.org`;

async function fill(page, fields) {
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
}

/** Signs up, shows the code and signs in, page by page; ends on the dashboard. */
export async function member(browser, server, name) {
  const page = await open(browser, `${server.url}/client/signup.php`, { before: install });
  page.setDefaultTimeout(PATIENCE_S * 1000);
  page.who = name;
  await fill(page, { username: name, email: address(name), password: PASSWORD });
  await page.getByRole('button').click();
  await page.waitForURL('**/client/verify/signup.php').catch(async (error) => {
    throw new Error(`${error.message}: the page says ${await page.locator('#message').innerText()}`);
  });
  await fill(page, { code: await nextMail(server, address(name), /^\s*(\d{4})\s*$/m) });
  await page.getByRole('button').click();
  await page.waitForURL('**/client/login.php?success=*');
  await logsIn(page, PASSWORD);
  return page;
}

export async function logsIn(page, password) {
  await fill(page, { email: address(page.who), password });
  await page.getByRole('button').click();
  await page.waitForURL('**/client/dashboard/');
}

/** Opens the link of the next mail on the client's own page and sets a new password. */
export async function forgets(page, server, password) {
  await page.goto(`${server.url}/client/forgot.php`);
  await fill(page, { email: address(page.who) });
  await page.getByRole('button').click();
  await page.getByText('Password reset link sent').waitFor();
  const path = await nextMail(server, address(page.who), /https?:\/\/[^/\s]+(\/client\/verify\/forgot\.php\?token=[0-9a-f]{64})/);
  await page.goto(server.url + path);
  await fill(page, { password });
  await page.getByRole('button').click();
  await page.waitForURL('**/client/login.php');
}

/** Starts a call from the dashboard; answers the room's id. */
export async function starts(page) {
  await page.locator('#start').click();
  await page.waitForURL('**/client/dashboard/call.php?room=*');
  return new URL(page.url()).searchParams.get('room');
}

/** Joins a call from the dashboard by typing its id. */
export async function joins(page, room) {
  await page.locator('#room').fill(room);
  await page.locator('#join').click();
  await page.waitForURL('**/client/dashboard/call.php?room=*');
}

/** Opens the call page without an account, by a link that somebody passed on. */
export async function guest(browser, server, room) {
  const page = await open(browser, `${server.url}/client/dashboard/call.php?room=${room}`, { before: install });
  page.setDefaultTimeout(PATIENCE_S * 1000);
  return page;
}

/** Ends the call by its button. */
export async function stops(page) {
  await page.locator('#stop').click();
  await page.waitForURL('**/client/dashboard/');
}

/** What the page tells of its call; empty while all is well. */
export const told = (page) => page.locator('#message').innerText();
