//! The proxy examples of docs/OPERATIONS.md at work: page and socket pass, and origins are judged.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { test } from 'node:test';
import WebSocket from 'ws';
import { freePort } from './lib/process.mjs';
import { caddy, nginx } from './lib/proxy.mjs';
import { Server } from './lib/server.mjs';

const UNCHECKED = { rejectUnauthorized: false }; // certificates made a moment ago

function get(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...UNCHECKED, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += chunk)).on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

/** The status of a WebSocket upgrade; 101 leaves it open in `socket`. */
async function upgrade(proxy, origin) {
  const socket = new WebSocket(`${proxy.url.replace('https', 'wss')}/v1/connect`, { ...UNCHECKED, origin });
  const refused = once(socket, 'unexpected-response').then(([, answer]) => ({ status: answer.statusCode }));
  const opened = once(socket, 'open').then(() => ({ status: 101, socket }));
  socket.on('error', () => {});
  return Promise.race([refused, opened]);
}

for (const [name, start] of [['caddy', caddy], ['nginx', nginx]]) {
  test(`${name} passes page and socket`, async (t) => {
    const port = await freePort();
    const server = await Server.start({ 'http.public_url': `https://localhost:${port}`, 'http.trusted_proxies': '127.0.0.1,::1' });
    t.after(() => server.stop());
    const proxy = await start(port, server.port);
    t.after(() => proxy.stop());

    const page = await get(`${proxy.url}/`, { accept: 'text/html' });
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /^text\/html/);

    const { status, socket } = await upgrade(proxy, proxy.url);
    assert.equal(status, 101);
    socket.send(JSON.stringify({ id: 1, type: 'hello', protocol: 1 }));
    const [frame] = await once(socket, 'message');
    const reply = JSON.parse(frame);
    assert.equal(reply.id, 1);
    assert.equal(reply.ok.protocol, 1);
    socket.close();

    assert.equal((await upgrade(proxy, 'https://evil.example')).status, 403);
  });
}
