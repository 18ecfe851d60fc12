//! What every view has to pass: axe-core finds nothing, and nothing is wider than the screen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const settled = (page) => page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))).then(() => {}));

/** Fails with what axe found on the page as it is. */
export async function assertAccessible(page, view) {
  await page.evaluate(axe);
  await settled(page);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], view);
}

/** Against the screen that was asked for: a phone's page that is too wide makes `innerWidth` grow, and a call hides what hangs over. */
export async function assertFits(page, view) {
  await settled(page); // a panel slides in from beyond the edge
  const widths = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.call')].map((one) => one.scrollWidth));
  const { width } = page.viewportSize();
  assert.ok(Math.max(...widths) <= width, `${view}: ${widths} px in ${width} px`);
}

export const PHONES = [{ width: 390, height: 844 }, { width: 320, height: 640 }];
export const phoneOf = (viewport) => ({ viewport, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
