//! Where things are in a call: pictures on the stage and nowhere else, one's own words as tall as they are, and nothing moves in an outage.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, guest, host, sees, stateIs, write } from './lib/call.mjs';
import { launch } from './lib/chromium.mjs';
import { Server } from './lib/server.mjs';

let browser;
let server;
let ana;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await host(browser, server, 'Ana');
  await guest(browser, ana, 'Bo');
  await sees(ana, 'Bo');
  await write(ana, 'hello');
  await ana.locator(at('chat-message')).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The boxes of all that matches, once two looks in a row see the same: seats glide. */
async function boxes(name) {
  const look = () => ana.locator(at(name)).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  for (let was = await look(); ; ) {
    await ana.evaluate(() => new Promise((settled) => setTimeout(settled, 300)));
    const now = await look();
    if (JSON.stringify(now) === JSON.stringify(was)) return now;
    was = now;
  }
}

test('every picture stays on the stage', async () => {
  const [stage] = await boxes('stage');
  const tiles = await boxes('tile');
  assert.equal(tiles.length, 2);
  for (const tile of tiles) {
    assert.ok(tile.top >= stage.top - 1 && tile.bottom <= stage.bottom + 1, `${JSON.stringify(tile)} on ${JSON.stringify(stage)}`);
    assert.ok(tile.left >= stage.left - 1 && tile.right <= stage.right + 1, `${JSON.stringify(tile)} on ${JSON.stringify(stage)}`);
  }
});

test('a message of one word is as tall as one', async () => {
  const [message] = await boxes('chat-message');
  assert.ok(message.height < 80, `${message.height} px`);
});

test('no picture moves when the server goes', async () => {
  const before = await boxes('tile');
  await server.kill();
  await stateIs(ana, 'reconnecting');
  assert.deepEqual(await boxes('tile'), before);
});
