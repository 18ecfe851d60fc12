//! mesibo's old pages, with two addresses changed, hold their calls here: talking, watching, chat, screens, and with the native page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, chatIs, enter, sees, write } from './lib/call.mjs';
import { assertNoProblems, launch, open } from './lib/chromium.mjs';
import { creates, enters, hears as hearsThat, lines, lists, mesiboServer, person, says, sendsRegardless } from './lib/mesibo.mjs';
import { hears, install, LIGHT, PATIENCE_S, pictures, until } from './lib/probe.mjs';
import { eventually } from './lib/walk.mjs';

let place;
let browser;
let ana;
let bob;
let room;
let code;

before(async () => {
  place = await mesiboServer();
  browser = await launch({ flags: LIGHT });
});

after(async () => {
  await browser?.close();
  await place?.stop();
});

/** How many received pictures have ever been decoded. */
const seen = (page) => page.evaluate(async () => Object.values(await globalThis.probe.frames()).filter((frames) => frames > 0).length);

test('one creates a room, another joins by its PIN, and they see and hear each other', async () => {
  ana = await person(browser, place, 'Ana');
  room = await creates(place, ana, 'Weekly');
  assert.match(room.pin, /^[1-9]\d{7}$/);
  await until(ana, () => document.getElementById('cstatus').innerText === 'Ana is online');
  bob = await person(browser, place, 'Bob');
  await enters(bob, room.gid, room.pin);
  await Promise.all([hearsThat(ana, 'Bob has entered the room'), hearsThat(bob, 'Ana has entered the room')]);
  await Promise.all([pictures(ana, 1), pictures(bob, 1)]);
  await Promise.all([hears(ana), hears(bob)]);
  for (const page of [ana, bob]) await until(page, () => sounds.some((one) => one.srcObject && !one.paused && one.currentTime > 1));
  await Promise.all([hearsThat(ana, 'Bob is connected'), hearsThat(bob, 'Ana is connected')]);
  for (const page of [ana, bob]) {
    await until(page, () => document.getElementById('video-remote-0').getVideoPlaybackQuality().totalVideoFrames > 5);
    await until(page, () => document.getElementById('video-publisher').getVideoPlaybackQuality().totalVideoFrames > 5);
  }
});

test('mutes are seen by the other, and each may mute the other for itself', async () => {
  await bob.locator('#mute-video').click();
  await hearsThat(bob, 'You have muted your video');
  await hearsThat(ana, 'Bob mutes v there');
  assert.deepEqual(await ana.evaluate(() => [streams[0].getMuteStatus(true), streams[0].getMuteStatus(true, true), streams[0].getMuteStatus(true, false)]), [true, true, false]);
  await bob.locator('#mute-video').click();
  await hearsThat(ana, 'Bob mutes there');
  await pictures(ana, 1);
  await ana.evaluate(() => streams[0].toggleVideoMute());
  await hearsThat(ana, 'Bob mutes v here');
  await until(bob, async () => {
    const sent = await globalThis.probe.stats('outbound-rtp', 'video');
    return sent.length > 0 && sent.every((one) => one.active === false);
  });
  await ana.evaluate(() => streams[0].toggleVideoMute());
  await pictures(ana, 1);
  await ana.evaluate(() => streams[0].toggleAudioMute());
  await until(ana, () => sounds.every((one) => one.srcObject === null));
  await ana.evaluate(() => streams[0].toggleAudioMute());
  await until(ana, () => sounds.some((one) => one.srcObject && !one.paused));
});

test('they write to each other, the room reads all and what was said before', async () => {
  await says(ana, 'hello Bob');
  await hearsThat(bob, 'message of the group from Ana: hello Bob');
  await hearsThat(ana, 'message hello Bob has status 1');
  await says(bob, 'hello Ana');
  await hearsThat(ana, 'message of the group from Bob: hello Ana');
  await Promise.all([lists(ana, ['> hello Bob', '< hello Ana']), lists(bob, ['< hello Bob', '> hello Ana'])]);
  await hearsThat(bob, 'message hello Ana has status 3');
  await ana.evaluate(() => say({ peer: streams[0].getAddress(), groupid: 0 }, 'between us'));
  await hearsThat(bob, 'message of one from Ana: between us');
  await bob.evaluate(() => say({ groupid: room.gid, type: 7, expiry: 0 }, JSON.stringify({ colour: 'red' })));
  await hearsThat(ana, 'drawing red');
});

test("who shows the viewers' PIN watches and sends nothing", async () => {
  const cy = await person(browser, place, 'Cy');
  await enters(cy, room.gid, room.spin);
  await pictures(cy, 2);
  await Promise.all([hearsThat(ana, 'Cy is watching'), hearsThat(bob, 'Cy is watching')]);
  await lists(cy, ['< hello Bob', '< hello Ana']);
  const sent = await cy.evaluate(() => globalThis.probe.stats('outbound-rtp'));
  assert.equal(sent.reduce((sum, one) => sum + one.packetsSent, 0), 0);
  await says(cy, 'I watch');
  await hearsThat(ana, 'message of the group from Cy: I watch');
  await cy.locator('#exit').click();
  await hearsThat(ana, 'Cy watches no more');
  await cy.context().close();
});

test('a patched page that watches and offers its camera is seen by nobody', async () => {
  const eve = await person(browser, place, 'Eve', { before: sendsRegardless });
  await enters(eve, room.gid, room.spin);
  await eve.goto(`${eve.url()}&patched`);
  await pictures(eve, 2);
  await hearsThat(eve, 'I hung up 3');
  await until(eve, () => globalThis.forced >= 4);
  await Promise.all([pictures(ana, 1, 30), pictures(bob, 1, 30)]);
  assert.deepEqual(await Promise.all([seen(ana), seen(bob)]), [1, 1]);
  const sent = await eve.evaluate(() => globalThis.probe.stats('outbound-rtp'));
  assert.equal(sent.reduce((sum, one) => sum + one.packetsSent, 0), 0);
  await eve.context().close();
});

test('a screen is shared, seen as a second stream, and ends', async () => {
  await bob.locator('#share').click();
  await hearsThat(ana, 'Bob is sharing the screen');
  await pictures(ana, 2);
  await bob.evaluate(() => screenPublisher.hangup());
  await hearsThat(ana, 'Bob hung up the screen 2');
  await hearsThat(bob, 'I hung up the screen 1');
});

test('the native page is in the same room: pictures, chat, screens', async () => {
  const { token } = await ana.evaluate(() => JSON.parse(localStorage.getItem('user')));
  const answer = await fetch(`${place.server.url}/v1/rooms/${room.gid}`, { headers: { authorization: `Bearer ${token}` } });
  ({ code } = await answer.json());
  const nat = await open(browser, `${place.server.url}/m/${code}`, { before: install });
  nat.who = 'Nat';
  await nat.locator(at('pin')).fill(room.pin);
  await enter(nat);
  await sees(nat, 'Ana', 'Bob');
  await hearsThat(ana, 'Nat has entered the room');
  await Promise.all([pictures(ana, 2), pictures(bob, 2)]);
  await write(nat, 'hello from the page');
  await hearsThat(bob, 'message of the group from Nat: hello from the page');
  await says(bob, 'hello to the page');
  await chatIs(nat, ['hello Bob', 'hello Ana', 'I watch', 'hello from the page', 'hello to the page']);
  await ana.locator('#share').click();
  await nat.locator(`${at('tile')}[data-source="screen"]`).waitFor();
  await pictures(nat, 3);
  await ana.evaluate(() => screenPublisher.hangup());
  await nat.locator(`${at('tile')}[data-source="screen"]`).waitFor({ state: 'detached' });
  await nat.locator(at('screen')).click();
  await hearsThat(ana, 'Nat is sharing the screen');
  await nat.locator(at('leave')).click();
  await hearsThat(ana, 'Nat hung up 2');
  await hearsThat(ana, 'Nat has left the room');
  await nat.context().close();
});

test('a server that is killed and comes back interrupts no call and loses no message', async () => {
  await place.server.kill();
  await until(ana, () => document.getElementById('cstatus').innerText === 'offline');
  await says(ana, 'are you there?');
  await Promise.all([pictures(ana, 1), pictures(bob, 1)]);
  await place.server.up();
  await hearsThat(bob, 'message of the group from Ana: are you there?');
  for (const page of [ana, bob]) await until(page, () => document.getElementById('cstatus').innerText === `${user.name} is online`);
  await Promise.all([pictures(ana, 1), pictures(bob, 1)]);
});

test('a page of 2020 is in the same room by the names of its time', async () => {
  await bob.goto(`${place.origin}/older.html`);
  await hearsThat(bob, 'Ana is one of 1');
  await Promise.all([pictures(ana, 1), pictures(bob, 1)]);
  await Promise.all([hearsThat(bob, 'Ana 0x30'), hearsThat(bob, 'I 0x30')]);
  for (const id of ['video-remote-0', 'video-publisher']) {
    await until(bob, (view) => document.getElementById(view).getVideoPlaybackQuality().totalVideoFrames > 5, id);
  }
  const mutes = async () => (await lines(ana)).filter((line) => line === 'Bob mutes v there').length;
  const before = await mutes();
  await bob.locator('#mute-video').click();
  await eventually(mutes, (now) => now > before, 'Bob mutes v there once more', PATIENCE_S * 1000);
  await ana.locator('#mute-video').click();
  await hearsThat(bob, 'Ana is now false true');
  await ana.locator('#mute-video').click();
  await bob.goto(`${place.origin}/index.html?room=${room.gid}`);
  await pictures(ana, 1);
});

test('a page that is loaded anew is nobody else, and who leaves is gone at once', async () => {
  await bob.reload();
  await Promise.all([pictures(ana, 1), pictures(bob, 1)]);
  assert.equal((await lines(ana)).filter((line) => line === 'Bob has entered the room').length, 1);
  await bob.locator('#exit').click();
  await hearsThat(ana, 'Bob hung up 2');
  await hearsThat(ana, 'Bob has left the room');
});

test('whose session ends elsewhere is told so and sends nothing more', async () => {
  const fay = await person(browser, place, 'Fay');
  await enters(fay, room.gid, room.pin);
  await hearsThat(ana, 'Fay has entered the room');
  const { token } = await fay.evaluate(() => user);
  const answer = await fetch(`${place.server.url}/api.php`, { method: 'POST', body: new URLSearchParams({ op: 'logout', token }) });
  assert.equal((await answer.json()).result, 'OK');
  await until(fay, () => document.getElementById('cstatus').innerText === 'signed out');
  await hearsThat(fay, 'I hung up 2');
  assert.equal(await fay.evaluate(() => globalThis.probe.live().length), 0);
  await hearsThat(ana, 'Fay has left the room');
  await fay.context().close();
});

test('a number alone opens nothing, and a bad token is told as one', async () => {
  const dee = await person(browser, place, 'Dee');
  await dee.evaluate((gid) => localStorage.setItem('room', JSON.stringify({ gid, publish: 1 })), room.gid);
  await dee.goto(`${place.origin}/index.html?room=${room.gid}`);
  await hearsThat(dee, 'error wrong_pin');
  await hearsThat(dee, 'I hung up 3');
  await dee.evaluate(() => localStorage.setItem('user', JSON.stringify({ name: 'Dee', token: 'x'.repeat(40) })));
  await dee.reload();
  await until(dee, () => document.getElementById('cstatus').innerText === 'bad token');
  await dee.context().close();
});

test('nobody had anything uncaught', () => {
  for (const page of [ana, bob]) assertNoProblems(page, [/^console:/, /^foreign:/]);
});
