//! What every view has to pass: axe-core finds nothing, and nothing is wider than the screen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with what axe found on the page as it is. */
export async function assertAccessible(page, view) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
    const { violations: found } = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], view);
}

export async function assertFits(page, view) {
  const { wide, shown } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, shown: window.innerWidth }));
  assert.ok(wide <= shown, `${view}: ${wide} px in ${shown} px`);
}

export const PHONES = [{ width: 390, height: 844 }, { width: 320, height: 640 }];
export const phoneOf = (viewport) => ({ viewport, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
