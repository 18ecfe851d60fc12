//! Chromium with a fake camera, microphone and screen, and pages that remember everything they complained about.
import { chromium } from 'playwright-core';

/** Fake devices, granted without asking. */
export const FAKE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

// Without loopback candidates ICE never ends gathering where only `lo` is up; the rest keeps the browser from calling home.
const ALWAYS = [
  '--allow-loopback-in-peer-connection',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts a browser. `flags` replaces the fake devices, for tests of refused or absent ones. */
export function launch({ flags = FAKE } = {}) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: [...sandbox, ...ALWAYS, ...flags] });
}

/**
 * Opens `url` in a context of its own (its own storage: another person). The page has `problems`: console errors,
 * uncaught exceptions and requests to other hosts. Options are Playwright's for a context, and `before(page)`, run before the page is loaded.
 */
export async function open(browser, url, { before, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.problems = [];
  const { host } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error') page.problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => page.problems.push(`uncaught: ${error.stack ?? error}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(asked.protocol) && asked.host !== host) page.problems.push(`foreign: ${asked.href}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== host) page.problems.push(`foreign: ${socket.url()}`);
  });
  if (before) await before(page);
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

/** Fails if the page complained, but for what matches one of `allowed` (such as the cut connection of a killed server). */
export function assertNoProblems(page, allowed = []) {
  const left = page.problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
  if (left.length) throw new Error(`the page complained:\n${left.join('\n')}`);
}

/**
 * A switch for the page's media and sockets to the network: `cut()` and `heal()`. It must be installed before the page makes its
 * first peer connection (pass it as `before` of `open`), or the browser ignores it. A cut is noticed by WebRTC after 6 to 8 s,
 * 'failed' comes 10 s later.
 */
export async function networkSwitch(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const lose = (packetLoss) =>
    session.send('Network.emulateNetworkConditionsByRule', {
      offline: false,
      matchedNetworkConditions: [{ urlPattern: '', latency: 0, downloadThroughput: -1, uploadThroughput: -1, packetLoss }],
    });
  await lose(0);
  return { cut: () => lose(100), heal: () => lose(0) };
}
