//! The page's pure parts: where tiles go, who gets one, how codes are read, what names become.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeInPath, readCode } from '../../web/assets/js/code.js';
import { charactersOver } from '../../web/assets/js/message-length.js';
import { focusLayout, gridLayout, MOST_TILES, tilesThatFit } from '../../web/assets/js/grid.js';
import { screenKey, seating } from '../../web/assets/js/seating.js';

const STAGES = [
  [1416, 760],
  [1040, 760],
  [1000, 600],
  [374, 690],
  [304, 480],
  [700, 300],
];

/** Fails if a tile leaves the stage or lies on another. */
function assertApart(rects, width, height, what) {
  for (const [at, a] of rects.entries()) {
    assert.ok(a.width >= 1 && a.height >= 1, `${what}: tile ${at} has a size`);
    assert.ok(a.x >= -1 && a.y >= -1 && a.x + a.width <= width + 1 && a.y + a.height <= height + 1, `${what}: tile ${at} is on the stage`);
    for (const b of rects.slice(at + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(apart, `${what}: ${JSON.stringify(a)} lies on ${JSON.stringify(b)}`);
    }
  }
}

test('1 to 12 tiles fit every stage, none on another', () => {
  for (const [width, height] of STAGES) {
    for (let count = 1; count <= MOST_TILES; count += 1) {
      const rects = gridLayout(count, width, height, 8);
      assert.equal(rects.length, count);
      assertApart(rects, width, height, `${count} on ${width}x${height}`);
    }
  }
});

test('two people stand side by side on a wide stage and above each other on a phone', () => {
  const [left, right] = gridLayout(2, 1416, 760, 12);
  assert.equal(left.y, right.y);
  const [top, bottom] = gridLayout(2, 374, 690, 8);
  assert.equal(top.x, bottom.x);
});

test('a large tile leaves room for a strip, and the strip stays off it', () => {
  for (const [width, height] of STAGES) {
    for (let count = 0; count <= 15; count += 1) {
      const { main, strip } = focusLayout(count, width, height, 8);
      assert.ok(strip.length <= count && (count === 0 || strip.length > 0));
      assertApart([main, ...strip], width, height, `${count} beside on ${width}x${height}`);
    }
  }
});

test('small stages take fewer tiles, but always one', () => {
  assert.equal(tilesThatFit(1416, 760, 12), MOST_TILES);
  assert.equal(tilesThatFit(300, 200, 8), 4);
  assert.equal(tilesThatFit(10, 10, 8), 1);
});

const person = (peer, media = {}) => ({ peer, media: { screen: false, ...media } });
const plan = (fields) =>
  seating({ people: [], self: person('me'), layout: 'grid', pinned: null, spotlight: null, lastSpoke: new Map(), speaker: null, fits: 12, ...fields });

test('people sit in the order they came, oneself last, nobody large', () => {
  const { large, tiles, hidden } = plan({ people: [person('a'), person('b')] });
  assert.deepEqual({ large, tiles, hidden }, { large: null, tiles: ['a', 'b', 'me'], hidden: [] });
});

test('a shared screen is large before the spotlight, but what one has chosen oneself comes first', () => {
  const people = [person('a', { screen: true }), person('b')];
  assert.equal(plan({ people, spotlight: 'b' }).large, screenKey('a'));
  assert.equal(plan({ people, spotlight: 'b', pinned: 'b' }).large, 'b');
  assert.equal(plan({ people: [person('b')], spotlight: 'b' }).large, 'b');
  assert.equal(plan({ people: [person('b')], pinned: 'gone' }).large, null);
});

test('the own screen is never large by itself', () => {
  const { large, tiles } = plan({ people: [person('a')], self: person('me', { screen: true }) });
  assert.equal(large, null);
  assert.deepEqual(tiles, [screenKey('me'), 'a', 'me']);
});

test('the speaker view shows who speaks, or whoever came first', () => {
  const people = [person('a'), person('b')];
  assert.equal(plan({ people, layout: 'speaker', speaker: 'b' }).large, 'b');
  assert.equal(plan({ people, layout: 'speaker' }).large, 'a');
});

test('where not all fit, who spoke takes the place of who did not, and nobody else moves', () => {
  const people = ['a', 'b', 'c', 'd'].map((peer) => person(peer));
  assert.deepEqual(plan({ people, fits: 3 }).tiles, ['a', 'b', 'me']);
  const { tiles, hidden } = plan({ people, fits: 3, lastSpoke: new Map([['d', 5_000], ['a', 4_000]]) });
  assert.deepEqual(tiles, ['a', 'd', 'me']);
  assert.deepEqual(hidden, ['b', 'c']);
});

test('codes are read as people write them', () => {
  for (const typed of ['abc-defg-hij', ' ABC-DEFG-HIJ ', 'ABC DEFG HIJ', 'abcdefghij', 'https://meet.example/m/abc-defg-hij?x=1', 'meet.example/m/abc-defg-hij#a']) {
    assert.equal(readCode(typed), 'abc-defg-hij', typed);
  }
  assert.equal(readCode('64f1c0ffee64f1c0ffee64f1'), '64f1c0ffee64f1c0ffee64f1', "another system's key");
  for (const typed of ['', 'two words', 'a', 'javascript:alert(1)']) assert.equal(readCode(typed), null, typed);
});

test('a message that is too long says by how many characters', () => {
  assert.equal(charactersOver('x'.repeat(4_096)), 0);
  assert.equal(charactersOver('x'.repeat(4_100)), 4);
  assert.equal(charactersOver('ß'.repeat(4_000)), 1_952);
  assert.equal(charactersOver('👍'.repeat(1_025)), 1);
});

test('the address names the meeting', () => {
  assert.equal(codeInPath('/m/abc-defg-hij'), 'abc-defg-hij');
  assert.equal(codeInPath('/m/a%20b/'), 'a b');
  assert.equal(codeInPath('/m/%'), '%');
  assert.equal(codeInPath('/'), null);
});
