//! The SDK's algebra of generations and glare: whatever the order of frames, two sides come to one negotiation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Exchange } from '../../web/sdk/v1/exchange.js';
import { begunAnew, candidateFits, fingerprint } from '../../web/sdk/v1/sdp.js';

const STEADY = { polite: true, fresh: false };

test('an offer takes the next generation, its answer settles it once', () => {
  const pair = new Exchange(4);
  assert.equal(pair.offer().gen, 5);
  assert.equal(pair.answered(4), false);
  assert.equal(pair.answered(5), true);
  assert.equal(pair.answered(5), false);
});

test('in a glare the polite side yields and the impolite one stays', () => {
  for (const [polite, then] of [[true, 'accept'], [false, 'ignore']]) {
    const pair = new Exchange();
    pair.offer();
    assert.equal(pair.judge(1, { polite, fresh: false }), then);
  }
});

test('a higher generation is always taken, an older never, an answered one not twice', () => {
  const pair = new Exchange(3);
  assert.equal(pair.judge(2, STEADY), 'ignore');
  assert.equal(pair.judge(5, STEADY), 'accept');
  pair.accept(5);
  assert.equal(pair.judge(5, STEADY), 'ignore');
  pair.offer();
  assert.equal(pair.judge(7, { polite: false, fresh: false }), 'accept');
});

test('a page that forgot its numbers is taken when it begins anew and no own offer is out', () => {
  const pair = new Exchange(9);
  assert.equal(pair.judge(1, { polite: false, fresh: true }), 'accept');
  assert.equal(pair.judge(1, { polite: false, fresh: false }), 'ignore');
});

test('a stale offer goes out again above what the server knows, unless it was given up meanwhile', () => {
  const pair = new Exchange();
  pair.offer();
  assert.equal(pair.stale(6).gen, 7);
  pair.withdraw();
  assert.equal(pair.stale(9), null);
  assert.equal(pair.offer().gen, 10);
});

test('candidates wait for the answer, and those of another generation are dropped', () => {
  const pair = new Exchange(1);
  assert.equal(pair.candidate(1), 'now');
  pair.offer();
  assert.deepEqual([pair.candidate(2), pair.candidate(1)], ['later', 'drop']);
  pair.answered(2);
  assert.equal(pair.candidate(2), 'now');
});

const sdp = (print, ufrag = 'abcd') => `v=0\r\na=ice-ufrag:${ufrag}\r\na=fingerprint:sha-256 ${print}\r\n`;

test('another certificate means that the other side began anew', () => {
  const pc = { remoteDescription: { sdp: sdp('aa:bb') } };
  assert.equal(fingerprint(sdp('aa:bb')), 'AA:BB');
  assert.equal(begunAnew(pc, sdp('AA:BB')), false);
  assert.equal(begunAnew(pc, sdp('CC:DD')), true);
  assert.equal(begunAnew(null, sdp('CC:DD')), true);
  assert.equal(begunAnew({ remoteDescription: null }, sdp('CC:DD')), true);
});

test('a candidate of an earlier ICE generation does not fit', () => {
  assert.equal(candidateFits(sdp('aa', 'new1'), { usernameFragment: 'new1' }), true);
  assert.equal(candidateFits(sdp('aa', 'new1'), { usernameFragment: 'new' }), false);
  assert.equal(candidateFits(sdp('aa'), { usernameFragment: null }), true);
  assert.equal(candidateFits(sdp('aa'), null), true);
});

/** Numbers as random as a test may have them. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * sides);
  };
}

/** One page's side of the pair, as link.js drives it: which peer connection it has, and whose it talks with. */
class Side {
  constructor(polite, gen, next) {
    Object.assign(this, { polite, next, exchange: new Exchange(gen), pc: next(), remote: null });
  }

  offer(out = this.exchange.offer()) {
    return { type: 'offer', gen: out.gen, pc: this.pc };
  }

  start() {
    Object.assign(this, { pc: this.next(), remote: null });
    return this.offer();
  }

  /** @returns {object | null} the frame it sends in return */
  take(frame) {
    const { exchange } = this;
    switch (frame.type) {
      case 'refused': {
        if (exchange.out?.gen !== frame.of.gen || frame.of.type !== 'offer') return null;
        if (frame.code === 'stale_generation') return this.offer(exchange.stale(frame.gen));
        exchange.withdraw();
        if (this.remote === null) this.pc = this.next();
        return null;
      }
      case 'offer': {
        const fresh = this.remote !== frame.pc;
        if (exchange.judge(frame.gen, { polite: this.polite, fresh }) === 'ignore') return null;
        if (fresh) this.pc = this.next();
        exchange.accept(frame.gen);
        this.remote = frame.pc;
        return { type: 'answer', gen: frame.gen, pc: this.pc };
      }
      case 'answer': {
        if (exchange.out?.gen !== frame.gen) return null;
        if (this.remote !== null && this.remote !== frame.pc) {
          exchange.withdraw();
          return this.start();
        }
        exchange.answered(frame.gen);
        this.remote = frame.pc;
        return null;
      }
    }
  }

  /** What repair.js does when nothing comes for long. */
  tend() {
    if (this.exchange.out) return this.offer();
    if (this.remote === null) return this.start();
    return this.polite ? null : this.offer(); // ICE has failed: the impolite side restarts it
  }
}

/** Two sides and the server's judgement of docs/PROTOCOL.md between them; frames wait in a queue per direction. Side 0 is polite. */
class Pair {
  #pcs = 0;

  constructor(gen, known) {
    const next = () => (this.#pcs += 1);
    this.sides = [new Side(true, gen, next), new Side(false, gen, next)];
    if (gen > 0) [this.sides[0].remote, this.sides[1].remote] = [this.sides[1].pc, this.sides[0].pc];
    this.server = { gen: known, by: null, open: false };
    this.up = [[], []];
    this.down = [[], []];
  }

  send(me, frame) {
    if (frame) this.up[me].push(frame);
  }

  begin(me) {
    if (!this.sides[me].exchange.out) this.send(me, this.sides[me].offer());
  }

  /** What was under way to and from the page is lost with it; it may or may not have kept its number. */
  reload(me, gen) {
    this.up[me] = [];
    this.down[me] = [];
    this.sides[me].exchange = new Exchange(gen);
    this.send(me, this.sides[me].start());
  }

  /** The server takes one frame of `me`. */
  judge(me) {
    const frame = this.up[me].shift();
    const { server } = this;
    const refuse = (code, more) => this.down[me].push({ type: 'refused', code, of: frame, ...more });
    if (frame.gen < server.gen) return refuse('stale_generation', { gen: server.gen });
    if (frame.type === 'offer') {
      const same = frame.gen === server.gen && server.by !== null;
      if (same && server.open && server.by !== me && me === 0) return refuse('glare');
      if (same && !server.open) return refuse('stale_generation', { gen: server.gen });
      Object.assign(server, { gen: frame.gen, by: me, open: true });
    } else server.open = false;
    this.down[1 - me].push(frame);
  }

  deliver(me) {
    this.send(me, this.sides[me].take(this.down[me].shift()));
  }

  /** What could happen next. */
  get moves() {
    return [0, 1].flatMap((me) => [...(this.up[me].length ? [() => this.judge(me)] : []), ...(this.down[me].length ? [() => this.deliver(me)] : [])]);
  }

  /** Lets everything under way arrive, in some order. */
  rest(roll, what) {
    for (let steps = 0; this.moves.length > 0; steps += 1) {
      assert.ok(steps < 500, `${what} never comes to rest`);
      const { moves } = this;
      moves[roll(moves.length)]();
    }
  }
}

/** Plays one run of offers by both sides, with reloads if asked for. */
function play(seed, reloads) {
  const roll = dice(seed);
  const gen = roll(4);
  const pair = new Pair(gen, roll(2) * gen);
  for (let things = 2 + roll(5); things > 0; ) {
    const { moves } = pair;
    if (moves.length > 0 && roll(3) > 0) {
      moves[roll(moves.length)]();
      continue;
    }
    things -= 1;
    const me = roll(2);
    if (reloads && roll(3) === 0) pair.reload(me, roll(2) * pair.sides[me].exchange.gen);
    else pair.begin(me);
  }
  pair.rest(roll, `seed ${seed}`);
  return { pair, roll };
}

function agreed({ sides: [one, other] }) {
  return one.exchange.out === null && other.exchange.out === null && one.remote === other.pc && other.remote === one.pc;
}

test('after any interleaving of offers by both sides, both stand in the same negotiation and none waits', () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const { pair } = play(seed, false);
    assert.ok(agreed(pair), `seed ${seed}: ${JSON.stringify(pair)}`);
    assert.equal(pair.sides[0].exchange.gen, pair.sides[1].exchange.gen, `seed ${seed}`);
  }
});

test('pages that reload in the middle, their frames lost, come together again once each side has looked after the link', () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const { pair, roll } = play(seed, true);
    for (let rounds = 0; rounds < 4 && !agreed(pair); rounds += 1) {
      for (const me of [0, 1]) pair.send(me, pair.sides[me].tend());
      pair.rest(roll, `seed ${seed}`);
    }
    assert.ok(agreed(pair), `seed ${seed}: ${JSON.stringify(pair)}`);
  }
});
