//! What is composed around Socket.IO's library, to the letter of Engine.IO 4 and Socket.IO 5: namespaces, binary, broken packets, silence, ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { Server } from './lib/server.mjs';
import { meeting, within } from './lib/animo.mjs';
import { POLL, Socket, at, begin, end, others, poll, post, session } from './lib/animo-wire.mjs';

let server;
before(async () => {
  server = await Server.start();
  await begin(server);
});
after(end);

/** Asks once a second: nothing tells a client without a poll that its session is over, and each question costs the server one. */
async function gone(sid) {
  while ((await post(sid, '42["nothing"]')).status === 200) await new Promise((done) => setTimeout(done, 1000));
}

test('there is one namespace', async () => {
  const socket = await new Socket().connected();
  socket.ws.send('40/admin,');
  assert.equal(await socket.next(), '44/admin,{"message":"Invalid namespace"}');
  socket.ws.send('42/admin,["join-call",{}]');
  socket.ws.send('421["nothing"]');
  assert.match(await socket.next(), /^431/);
  const large = await new Socket().connected();
  large.ws.send(`40/${'a'.repeat(70_000)},`);
  await large.isEnded();
});

test('a second CONNECT runs nothing twice', async () => {
  const socket = await new Socket().connected();
  for (const packet of ['40', '421["nothing"]', '422["nothing"]']) socket.ws.send(packet);
  assert.match(await socket.next(), /^431/);
  assert.match(await socket.next(), /^432/);
  assert.equal(socket.packets.length, 0);
  socket.ws.close();
});

test('an event before CONNECT ends the connection, and so does silence', async () => {
  const early = new Socket();
  await early.next();
  early.ws.send('42["join-call",{}]');
  const silent = new Socket();
  await silent.next();
  await within(early.ended, 'the end of the one that was too early', 5_000);
  await within(silent.ended, 'the end of the silent one', 20_000);
  await others();
});

test('binary parts are taken together and refused; what breaks their order ends the connection', async () => {
  const socket = await new Socket().connected();
  socket.ws.send('451-1["signal",{"_placeholder":true,"num":0}]');
  socket.ws.send(Buffer.from([1, 2, 3]));
  assert.equal(await socket.next(), '431[{"error":"no such event, or not in this shape"}]');
  for (const packet of ['45999999-["x",{"_placeholder":true,"num":0}]', '45-1["x"]', '4599999999999999999999-["x"]']) {
    const other = await new Socket().connected();
    other.ws.send(packet);
    await other.isEnded();
  }
  const unasked = await new Socket().connected();
  unasked.ws.send(Buffer.from([1]));
  await unasked.isEnded();
  const broken = await new Socket().connected();
  broken.ws.send('451-["x",{"_placeholder":true,"num":0}]');
  broken.ws.send('42["text in between"]');
  broken.ws.send('421["nothing"]');
  await broken.isEnded();
  socket.ws.close();
  await others();
});

test('a packet that is cut in the middle of a letter harms nobody', async () => {
  const opened = await poll('');
  const { sid } = JSON.parse(opened.text.slice(1));
  await fetch(at(`${POLL}&sid=${sid}`), { method: 'POST', body: Buffer.from([0x34, 0x32, 0x5b, 0x22, 0xc3]), headers: { 'content-type': 'text/plain' } });
  const socket = await new Socket().connected();
  socket.ws.send(`42["${'['.repeat(5000)}`);
  await socket.isEnded();
  const deep = new Socket();
  await deep.next();
  deep.ws.send(`40{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
  deep.ws.close();
  await others();
});

test('a client closes by a packet, a frame or a namespace left', async () => {
  const packet = await new Socket().connected();
  packet.ws.send('1');
  await packet.isEnded();
  const frame = await new Socket().connected();
  frame.ws.close();
  await frame.isEnded();
  const { sid } = await session();
  assert.equal((await post(sid, '1')).status, 200);
  assert.equal((await poll(sid)).status, 400);
  const left = await new Socket().connected();
  left.ws.send('41');
  await others();
  left.ws.send('40');
  assert.match(await left.next(), /^40\{/, 'and may come back');
  left.ws.close();
});

test('a client that answers no ping is gone, its polls too', async () => {
  const socket = await new Socket().connected();
  const { sid } = await session();
  const began = Date.now();
  const stalled = socket.ws.send.bind(socket.ws);
  socket.ws.send = (packet) => packet !== '3' && stalled(packet);
  await within(socket.ended, 'the end of one that does not answer', 60_000);
  assert.ok(Date.now() - began >= 15_000, 'not before its time');
  await within(gone(sid), 'the end of the session without polls', 60_000);
  await others();
});

test('a flood of events is cut off, and others go on', async () => {
  const { code } = await meeting(server, 'flooded-room');
  const socket = await new Socket().connected();
  socket.ws.send(`42["join-call",${JSON.stringify({ roomID: code, username: 'flood_guest', name: 'Flood (Guest)' })}]`);
  assert.match(await socket.next(), /^42\["user-joined"/);
  const event = `42["chat-message",{"data":"${'x'.repeat(3000)}"}]`;
  for (let sent = 0; sent < 3000 && socket.ws.readyState === WebSocket.OPEN; sent += 1) socket.ws.send(event);
  await socket.isEnded();
  await others();
});
