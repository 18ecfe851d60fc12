//! The SDK's other pure parts: backoff, close codes, refusals, whose video is received, how bandwidth is divided, quality out of statistics.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterClose, afterRefusedResume, delay } from '../../web/sdk/v1/backoff.js';
import { division, paused } from '../../web/sdk/v1/reception.js';
import { figures, quality } from '../../web/sdk/v1/stats.js';
import { problemOf } from '../../web/sdk/v1/devices.js';
import { refusal } from '../../web/sdk/v1/error.js';
import { markOf } from '../../web/sdk/v1/ids.js';

test('the wait grows from 0.3 s to 5 s and is spread over its upper half', () => {
  assert.deepEqual([delay(0, () => 0), delay(0, () => 1)], [150, 300]);
  assert.deepEqual([delay(1, () => 1), delay(30, () => 0), delay(1e9, () => 1)], [510, 2500, 5000]);
  for (let attempt = 0; attempt < 12; attempt += 1) assert.ok(delay(attempt, () => 1) <= delay(attempt + 1, () => 1));
});

test('close codes are obeyed by their range, those to come too', () => {
  const then = (code) => afterClose(code).then;
  for (const code of [1000, 1001, 1006, 1009, 1011, 4000, 4001, 4004, 4099]) assert.equal(then(code), 'resume', `${code}`);
  for (const code of [4100, 4103, 4199]) assert.equal(then(code), 'join', `${code}`);
  for (const code of [4200, 4205, 4299, 4300, 4304, 4399]) assert.equal(then(code), 'end', `${code}`);
  assert.equal(then(4400), 'resume');
  const reasons = [4200, 4201, 4202, 4203, 4204, 4205, 4302].map((code) => afterClose(code).reason);
  assert.deepEqual(reasons, ['kicked', 'banned', 'room_ended', 'replaced', 'denied', 'revoked', 'fault']);
});

test('a forgotten seat is joined anew, an ended room is told, everything passing is tried again', () => {
  assert.equal(afterRefusedResume('unknown_session').then, 'join');
  assert.equal(afterRefusedResume('bad_secret').then, 'join');
  assert.deepEqual(afterRefusedResume('ended'), { then: 'end', reason: 'room_ended' });
  for (const code of ['unavailable', 'storage_unavailable', 'busy', 'internal', 'rate_limited']) assert.equal(afterRefusedResume(code).then, 'again');
});

test("a refusal keeps the server's word and extras", () => {
  const error = refusal({ code: 'forbidden', message: 'you may not do this here', right: 'chat' });
  assert.deepEqual([error.code, error.message, error.right], ['forbidden', 'you may not do this here', 'chat']);
});

test("the browser's device errors become plain kinds", () => {
  const kinds = ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'OverconstrainedError', 'SomethingNew'].map((name) => problemOf({ name }));
  assert.deepEqual(kinds, ['denied', 'absent', 'taken', 'absent', 'taken']);
});

const shows = (peer, media = { video: true, screen: false }) => ({ peer, media });
const view = (more) => ({ people: [], hidden: new Set(), priority: [], spotlight: null, max: 2, ...more });

test('beyond max_video the later ones are paused; who shows nothing takes no place', () => {
  const people = [shows('a'), shows('b', { video: false, screen: false }), shows('c'), shows('d')];
  assert.deepEqual([...paused(view({ people }))], ['d']);
});

test('screens come first, then the spotlight, then the wish of the page', () => {
  const people = [shows('a'), shows('b'), shows('c'), shows('d', { video: false, screen: true })];
  assert.deepEqual([...paused(view({ people, spotlight: 'c' }))].sort(), ['a', 'b']);
  assert.deepEqual([...paused(view({ people, priority: ['b'] }))].sort(), ['a', 'c']);
});

test('a hidden tile is paused and makes room for another', () => {
  const people = [shows('a'), shows('b'), shows('c')];
  assert.deepEqual([...paused(view({ people, hidden: new Set(['a']) }))], ['a']);
  assert.deepEqual([...paused(view({ people, max: 0 }))].sort(), ['a', 'b', 'c']);
});

test('bandwidth is divided by the receivers down to a floor, and pictures shrink with their number', () => {
  const to = (receivers, more) => division({ receivers, asked: true, screen: false, height: 720, ...more });
  assert.deepEqual([to(1).camera.maxBitrate, to(5).camera.maxBitrate, to(40).camera.maxBitrate], [2_500_000, 500_000, 150_000]);
  assert.deepEqual([to(1), to(4), to(12)].map(({ camera }) => camera.scaleResolutionDownBy), [1, 2, 4]);
  assert.equal(to(2, { height: 360 }).camera.scaleResolutionDownBy, 1);
  assert.equal(to(3, { asked: false }).camera.active, false);
  const shared = to(1, { screen: true });
  assert.ok(shared.screen.maxBitrate > shared.camera.maxBitrate);
});

function report({ at = 0, received = 0, lost = 0, bytes = 0, rtt = 0.02, type = 'host' } = {}) {
  return [
    { type: 'transport', id: 'T', timestamp: at, selectedCandidatePairId: 'P' },
    { type: 'candidate-pair', id: 'P', timestamp: at, localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: rtt },
    { type: 'local-candidate', id: 'L', candidateType: type, protocol: 'udp' },
    { type: 'remote-candidate', id: 'R', candidateType: 'host' },
    { type: 'inbound-rtp', kind: 'video', timestamp: at, packetsReceived: received, packetsLost: lost, bytesReceived: bytes, framesDecoded: 7 },
  ];
}

test('two reports give rates, loss and a grade', () => {
  const before = figures(report());
  const grade = (more) => quality(figures(report({ at: 2000, received: 100, bytes: 50_000, ...more })), before, 'connected');
  assert.deepEqual(grade(), { quality: 'good', rtt_ms: 20, loss: 0, bitrate_in: 200_000, bitrate_out: 0, relayed: false, connection: 'connected' });
  assert.equal(grade({ lost: 5 }).quality, 'fair');
  assert.equal(grade({ lost: 20 }).quality, 'poor');
  assert.equal(grade({ rtt: 0.3 }).quality, 'fair');
  assert.equal(grade({ rtt: 0.9 }).quality, 'poor');
  assert.equal(grade({ type: 'relay' }).relayed, true);
});

test('a link without its connection is lost, one on its way is unknown', () => {
  const now = figures(report());
  assert.equal(quality(now, null, 'disconnected').quality, 'lost');
  assert.equal(quality(now, null, 'failed').quality, 'lost');
  assert.equal(quality(now, null, 'connecting').quality, 'unknown');
});

test('a mark tells tokens apart and holds none of them', () => {
  const tokens = ['', undefined, 'a'.repeat(40), `${'a'.repeat(39)}b`, `b${'a'.repeat(39)}`];
  const marks = tokens.map(markOf);
  assert.deepEqual(marks.slice(0, 2), [null, null]);
  assert.equal(new Set(marks.slice(2)).size, 3);
  for (const mark of marks.slice(2)) assert.match(mark, /^[0-9a-f]{1,8}$/);
});
