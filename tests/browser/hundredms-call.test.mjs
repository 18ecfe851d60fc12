//! An app made for a 100ms backend, on an origin of its own: room, token, presence, and the call by the token, with a page of ours in it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enter, sees as pageSees, tile } from './lib/call.mjs';
import { launch, open } from './lib/chromium.mjs';
import { does, isTold, opens, sees, serveApp } from './lib/hundredms.mjs';
import { install, LIGHT, pictures, PATIENCE_S } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let app;
let server;
let browser;
let teacher;
let student;
let room;
let made;

before(async () => {
  app = await serveApp();
  server = await Server.start({ 'http.allowed_origins': app.origin });
  browser = await launch({ flags: LIGHT });
  teacher = await opens(browser, app, server.url);
  student = await opens(browser, app, server.url);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await app?.stop();
});

const count = async (page) => (await does(page, 'lists')).find((one) => one.roomId === room)?.participantCount;

test('an app makes a room, and whoever made it runs it', async () => {
  made = await does(teacher, 'makesRoom', 'Lesson 1');
  room = made.id;
  assert.match(room, /^[0-9a-f]{24}$/);
  const { role, claims } = await does(teacher, 'comes', room, 'tea', 'host', { creator_secret: made.creator_secret });
  assert.deepEqual([role, claims.role, claims.room_id, claims.user_id], ['cohost', 'host', room, 'tea']);
  assert.equal(await count(teacher), 1);
});

test('two people of an app see each other move by their tokens', async () => {
  const { role, claims } = await does(student, 'comes', room, 'stu', 'host');
  assert.deepEqual([role, claims.role], ['participant', 'guest'], 'a stranger runs no room');
  await isTold(teacher, 'tea joined', 'stu joined');
  await Promise.all([sees(teacher, 'stu'), sees(student, 'tea')]);
  await Promise.all([pictures(teacher, 1), pictures(student, 1)]);
  assert.equal(await count(student), 2, 'who calls and tells of presence is one');
});

test('a page of ours comes by the same id, and all three see each other', async () => {
  const nat = await open(browser, `${server.url}/m/${room}`, { before: install });
  nat.who = 'Nat';
  nat.setDefaultTimeout(PATIENCE_S * 1000);
  await enter(nat);
  await pageSees(nat, 'tea', 'stu');
  await Promise.all([sees(teacher, 'Nat', 'stu'), sees(student, 'Nat', 'tea')]);
  assert.equal(await count(teacher), 3);
  await does(student, 'goes');
  await isTold(teacher, 'stu left');
  await tile(nat, 'stu').waitFor({ state: 'detached' });
  assert.equal(await count(teacher), 2);
  assert.deepEqual([...teacher.problems, ...student.problems, ...nat.problems], []);
  await nat.context().close();
});
