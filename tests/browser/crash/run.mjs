//! The crash run: SIGKILL at random moments under chat load; all that anyone saw or got acknowledged is in history afterwards, once.
//! node run.mjs --kills N --name sqlite|postgres|mariadb [--database URL]
import { EventEmitter, once } from 'node:events';
import { parseArgs } from 'node:util';
import { Server } from '../lib/server.mjs';
import { Person, history } from './person.mjs';

const ROOMS = 3;
const PEOPLE = 6;

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '6' }, name: { type: 'string', default: 'sqlite' }, database: { type: 'string' } },
});
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) throw new Error(`--kills takes a number from 1 on, not '${values.kills}'`);

/** Tells of every acknowledgement. */
const news = new EventEmitter();

/** What one room's people saw and got acknowledged: message id -> text. */
class Book {
  seen = new Map();
  confirmed = new Map();
  /** How often an id came with another text than before. */
  changed = 0;
  saw(id, text) {
    this.notes(this.seen, id, text);
  }
  acked(id, text) {
    this.notes(this.confirmed, id, text);
    news.emit('acked');
  }
  notes(where, id, text) {
    if ((where.get(id) ?? text) !== text) this.changed += 1;
    where.set(id, text);
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

/** Waits for what needs the server; that it ends by itself meanwhile is an error, and so is waiting for more than a minute. */
function served(doing, what) {
  const died = server.program.exit.then((how) => Promise.reject(new Error(`the server ended by itself with ${how}`)));
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`in vain: ${what}`)), 60_000);
  });
  return Promise.race([doing, died, late]).finally(() => clearTimeout(timer));
}

const everyone = (people, does) => Promise.all(people.map(does));

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
  await served(everyone(people, (person) => person.enter()), 'everyone comes in');
  for (const person of people) person.talks();

  for (let kill = 0; kill < kills; kill++) {
    await served(once(news, 'acked'), 'an acknowledgement before the kill');
    await chance(150, 1500);
    await server.kill();
    await everyone(people, (person) => person.gone);
    await server.up();
    await served(everyone(people, (person) => person.enter()), 'everyone comes back');
  }
  await served(once(news, 'acked'), 'an acknowledgement after the last kill');
  await chance(150, 500);
  await served(everyone(people, (person) => person.falls_silent()), 'everything is acknowledged');

  const total = { seen: 0, acked: 0, lost: 0, duplicated: 0 };
  for (const [room, book] of books) {
    const kept = await history(server.url, room);
    const byId = new Map(kept.map((message) => [message.message, message.text]));
    const texts = new Set(kept.map((message) => message.text));
    total.duplicated += kept.length - texts.size + (kept.length - byId.size);
    for (const [id, text] of [...book.seen, ...book.confirmed]) {
      if (byId.get(id) !== text) total.lost += 1;
    }
    total.lost += book.changed;
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
