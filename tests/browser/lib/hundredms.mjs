//! Pages of an app made for a 100ms backend, served by Node from an origin of their own, and what people see on them.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { install, PATIENCE_S, until } from './probe.mjs';

const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

/** Serves the app. */
export async function serveApp() {
  const server = createServer(async (request, response) => {
    const isScript = request.url.startsWith('/page.js');
    const file = await readFile(join(HERE, '../pages/hundredms', isScript ? 'page.js' : 'index.html'));
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' }).end(file);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done)) };
}

/** Somebody's browser with the app open. It may ask the backend, which lies elsewhere: what it complains of is its own. */
export async function opens(browser, app, backend) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`uncaught: ${error.stack ?? error}`));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(`console: ${message.text()}`));
  page.setDefaultTimeout(PATIENCE_S * 1000);
  await install(page);
  await page.goto(`${app.origin}/?backend=${encodeURIComponent(backend)}`);
  await page.waitForFunction(() => globalThis.app);
  return page;
}

/** Calls one of the app's own functions. */
export const does = (page, what, ...given) => page.evaluate(([name, wish]) => globalThis.app[name](...wish), [what, given]);

/** Resolves when the tile of everyone named shows a picture that moves. */
export async function sees(page, ...names) {
  for (const name of names) {
    const shown = (who) => document.querySelector(`video[data-name="${who}"]`)?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
    await until(page, shown, name);
    const before = await page.evaluate(shown, name);
    const moved = ([who, from]) => (document.querySelector(`video[data-name="${who}"]`)?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > from + 10;
    await until(page, moved, [name, before]);
  }
}

/** Resolves when the last lines of the app's list of updates are these. */
export function isTold(page, ...lines) {
  const last = (wanted) => {
    const shown = [...document.querySelectorAll('#updates li')].map((item) => item.textContent);
    return JSON.stringify(shown.slice(-wanted.length)) === JSON.stringify(wanted);
  };
  return until(page, last, lines);
}
