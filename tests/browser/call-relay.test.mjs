//! A call that may go through a relay only, by a real coturn and the server's time-limited credentials; and one without any device.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, guest, host, sees, tile } from './lib/call.mjs';
import { assertNoProblems, launch } from './lib/chromium.mjs';
import { Coturn } from './lib/coturn.mjs';
import { hears, PATIENCE_S, pictures, until } from './lib/probe.mjs';
import { Server } from './lib/server.mjs';

let turn;
let server;
let browser;
let ana;
let bo;

before(async () => {
  turn = await Coturn.start();
  server = await Server.start(turn.config);
  browser = await launch();
  ana = await host(browser, server, 'Ana');
  bo = await guest(browser, ana, 'Bo');
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await turn?.stop();
});

/** The kinds of both ends of every path in use. */
function paths(page) {
  return page.evaluate(async () => {
    const all = await Promise.all(globalThis.probe.live().map((pc) => pc.getStats()));
    return all.flatMap((report) => {
      const entries = [...report.values()];
      const transport = entries.find((one) => one.type === 'transport');
      const pair = report.get(transport.selectedCandidatePairId);
      return [report.get(pair.localCandidateId).candidateType, report.get(pair.remoteCandidateId).candidateType];
    });
  });
}

test('picture and sound come through the relay, and through nothing else', async () => {
  await sees(ana, 'Bo');
  await sees(bo, 'Ana');
  await pictures(bo, 1);
  await hears(bo);
  for (const page of [ana, bo]) {
    assert.deepEqual(await paths(page), ['relay', 'relay']);
    const gathered = await page.evaluate(() => globalThis.probe.stats('local-candidate'));
    assert.deepEqual([...new Set(gathered.map((one) => one.candidateType))], ['relay']);
  }
});

test('the diagnostics say so without any address or credential', async () => {
  const policies = await bo.evaluate(() => globalThis.probe.live().map((pc) => pc.getConfiguration()));
  assert.equal(policies.length, 1);
  const [{ iceTransportPolicy, iceServers }] = policies;
  assert.equal(iceTransportPolicy, 'relay');
  await bo.evaluate(() => (navigator.clipboard.writeText = async (text) => (globalThis.copied = text)));
  await bo.locator(at('more')).click();
  await bo.locator(at('diagnostics')).click();
  await until(bo, () => globalThis.copied);
  const text = await bo.evaluate(() => globalThis.copied);
  assert.match(text, /path relay\/relay/);
  const secrets = iceServers.flatMap(({ username, credential }) => [username, credential]);
  assert.ok(secrets.length >= 2 && secrets.every((secret) => secret.length > 0));
  for (const secret of secrets) assert.ok(!text.includes(secret), text);
  assert.doesNotMatch(text, /127\.0\.0\.1|candidate:|turn:/);
});

test('a person without any device joins, sees and hears the others, and is shown by name', async () => {
  const bare = await launch({ flags: [] });
  const cy = await guest(bare, ana, 'Cy', { permissions: [] });
  await sees(cy, 'Ana', 'Bo');
  await pictures(cy, 2);
  await hears(cy, PATIENCE_S, 2);
  await tile(ana, 'Cy').and(ana.locator('[data-video="false"]')).waitFor();
  assert.equal(await cy.locator(at('mic')).getAttribute('aria-pressed'), 'false');
  assertNoProblems(cy);
  await bare.close();
});

test('nobody had anything to complain about', () => {
  assertNoProblems(ana);
  assertNoProblems(bo);
});
