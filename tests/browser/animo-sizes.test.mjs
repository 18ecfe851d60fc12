//! 500 sockets of the official client in 50 rooms: each hears its room and nothing else, and how long an echo takes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Server } from './lib/server.mjs';
import { Page, ask, person } from './lib/animo.mjs';

const ROOMS = 50;
const PEOPLE = 10;

let server;
before(async () => {
  server = await Server.start({ 'limits.trusted_sources': '127.0.0.0/8', 'limits.connections_per_address': 2000 });
});
after(() => server?.stop());

const percentile = (times, share) => times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

async function memory() {
  const status = await readFile(`/proc/${server.program.child?.pid ?? server.program.pid}/status`, 'utf8');
  return Math.round(Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024);
}

test('500 sockets in 50 rooms', { timeout: 300_000 }, async (t) => {
  const host = await person(server, 'sizes');
  const codes = Array.from({ length: ROOMS }, (_, number) => `sizes-${number}`);
  for (const code of codes) assert.equal((await ask(server, 'GET', `/meeting/check-code/${code}`, { token: host.token })).status, 200);
  const before = await memory().catch(() => 0);
  const began = performance.now();
  const pages = [];
  for (let round = 0; round < PEOPLE; round += 1) {
    const came = codes.map((code) => {
      const page = new Page(server, `p${round}`, { transports: ['websocket'] });
      return page.enters(code).then(() => page);
    });
    pages.push(...(await Promise.all(came)));
  }
  const joined = performance.now() - began;
  assert.equal(pages.length, ROOMS * PEOPLE);
  // one of each room speaks; all ten hear it
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    const heard = codes.map(async (code, number) => {
      const [speaker] = pages.filter((page) => page.room === code);
      const text = `round ${round} in ${number}`;
      const at = performance.now();
      const all = pages.filter((page) => page.room === code).map((page) => page.hears('chat-message', ([message]) => message.data === text));
      speaker.say(text);
      await Promise.all(all);
      times.push(performance.now() - at);
    });
    await Promise.all(heard);
  }
  for (const page of pages) assert.equal(page.count('chat-message'), 0, 'nobody hears another room');
  const after = await memory().catch(() => 0);
  t.diagnostic(
    `${pages.length} sockets joined in ${Math.round(joined)} ms; a message to all ten of its room: median ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms (50 rooms at once); memory ${before} to ${after} MiB`,
  );
  for (const page of pages) page.leave();
});
