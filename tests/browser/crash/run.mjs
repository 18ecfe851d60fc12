//! The crash run: SIGKILL at random moments under chat load; all that anyone saw or got acknowledged is in history afterwards, once.
//! node run.mjs --kills N --name sqlite|postgres|mariadb [--database URL]
import { parseArgs } from 'node:util';
import { Server } from '../lib/server.mjs';
import { Person, history } from './person.mjs';

const ROOMS = 3;
const PEOPLE = 6;

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '6' }, name: { type: 'string', default: 'sqlite' }, database: { type: 'string' } },
});
const kills = Number(values.kills);

/** What one room's people saw and got acknowledged: message id -> text. */
class Book {
  seen = new Map();
  confirmed = new Map();
  saw(id, text) {
    this.seen.set(id, text);
  }
  acked(id, text) {
    this.confirmed.set(id, text);
  }
}

async function create(server) {
  const answer = await fetch(`${server.url}/v1/rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Crash' }),
  });
  if (answer.status !== 201) throw new Error(`POST /v1/rooms: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).room.code;
}

/** Waits for a moment that nothing but chance decides. */
const chance = (least, most) => new Promise((done) => setTimeout(done, least + Math.random() * (most - least)));

const config = { 'limits.trusted_sources': '127.0.0.0/8', 'log.level': 'warn' };
if (values.database) config['database.url'] = values.database;
const server = await Server.start(config);
let failed = false;
try {
  const books = new Map();
  const people = [];
  for (let r = 0; r < ROOMS; r++) {
    const room = await create(server);
    books.set(room, new Book());
    for (let p = 0; p < PEOPLE; p++) {
      people.push(new Person({ url: server.url, room, name: `r${r}p${p}` }, books.get(room)));
    }
  }
  await Promise.all(people.map((person) => person.enter()));
  for (const person of people) person.talks();

  for (let kill = 0; kill < kills; kill++) {
    await chance(150, 1500);
    await server.kill();
    await Promise.all(people.map((person) => person.gone));
    await server.up();
    await Promise.all(people.map((person) => person.enter()));
  }
  await chance(150, 500);
  await Promise.all(people.map((person) => person.falls_silent()));

  const total = { seen: 0, acked: 0, lost: 0, duplicated: 0 };
  for (const [room, book] of books) {
    const kept = await history(server.url, room);
    const byId = new Map(kept.map((message) => [message.message, message.text]));
    const texts = new Set(kept.map((message) => message.text));
    total.duplicated += kept.length - texts.size + (kept.length - byId.size);
    for (const [id, text] of [...book.seen, ...book.confirmed]) {
      if (byId.get(id) !== text) total.lost += 1;
    }
    total.seen += book.seen.size;
    total.acked += book.confirmed.size;
  }
  const twice = people.reduce((sum, person) => sum + person.twice, 0);
  const seatsLost = people.reduce((sum, person) => sum + person.seatsLost, 0);
  console.log(
    `${values.name}: seen=${total.seen} acked=${total.acked} lost=${total.lost} duplicated=${total.duplicated} kills=${kills} seen_twice=${twice} seats_lost=${seatsLost}`,
  );
  failed = total.lost + total.duplicated + twice + seatsLost > 0 || total.acked === 0;
  for (const person of people) person.leaves();
} catch (error) {
  console.error(error, server.output().slice(-4000));
  failed = true;
} finally {
  await server.stop();
}
process.exit(failed ? 1 : 0);
