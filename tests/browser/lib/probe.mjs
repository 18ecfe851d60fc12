//! What a call test asks of a page's peer connections; `install` puts it in before the page's own scripts.
import { until as comes } from './process.mjs';

/** Runs in the page: remembers every RTCPeerConnection and what it did, without changing it. */
function record() {
  const probe = { pcs: [], offers: 0, restarts: 0, dead: 0 };
  const Real = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Real {
    constructor(...configuration) {
      super(...configuration);
      probe.pcs.push(this);
      this.addEventListener('signalingstatechange', () => {
        if (this.signalingState === 'have-local-offer') probe.offers += 1;
      });
    }
    restartIce() {
      probe.restarts += 1;
      super.restartIce();
    }
  };
  probe.live = () => probe.pcs.filter((pc) => pc.signalingState !== 'closed');
  probe.stats = async (type, kind) => {
    const reports = await Promise.all(probe.live().map((pc) => pc.getStats()));
    return reports.flatMap((report) => [...report.values()]).filter((one) => one.type === type && (!kind || one.kind === kind));
  };
  /** Frames decoded on each received picture that is on. */
  probe.frames = async () => Object.fromEntries((await probe.stats('inbound-rtp', 'video')).map((one) => [one.trackIdentifier, one.framesDecoded ?? 0]));
  /** Energy of each received sound. */
  probe.sounds = async () => Object.fromEntries((await probe.stats('inbound-rtp', 'audio')).map((one) => [one.trackIdentifier, one.totalAudioEnergy ?? 0]));
  probe.energy = async () => Object.values(await probe.sounds());
  globalThis.probe = probe;
}

/** How long something may take: two cores may encode several pictures in software meanwhile. */
export const PATIENCE_S = 60;
/** Fake devices at 10 frames a second, for calls of three and with screens. */
export const LIGHT = ['--use-fake-device-for-media-stream=fps=10', '--use-fake-ui-for-media-stream'];

/** @param {import('playwright-core').Page} page */
export async function install(page) {
  await page.addInitScript(record);
}

/** Resolves once `ask`, run in the page, is true. It may be async: Playwright's own waitForFunction takes any promise for a yes. */
export function until(page, ask, arg, seconds = PATIENCE_S) {
  return comes(String(ask), () => page.evaluate(ask, arg), seconds);
}

/** Resolves when at least `count` received pictures have been decoded `more` frames further. */
export async function pictures(page, count, more = 10, seconds = PATIENCE_S) {
  const moving = async ([wanted, further]) => {
    const now = await globalThis.probe.frames();
    globalThis.began = Object.assign(now, globalThis.began);
    const current = await globalThis.probe.frames();
    const rising = Object.entries(current).filter(([track, frames]) => frames >= globalThis.began[track] + further);
    return rising.length >= wanted;
  };
  await page.evaluate(() => delete globalThis.began);
  await until(page, moving, [count, more], seconds);
}

/** Resolves when at least `count` sounds arrive: their energy rises within the beat of the fake microphone (a beep a second). */
export async function hears(page, seconds = PATIENCE_S, count = 1) {
  await page.evaluate(async () => (globalThis.quiet = await globalThis.probe.sounds()));
  const rising = async (wanted) => {
    const loud = Object.entries(await globalThis.probe.sounds()).filter(([track, energy]) => energy > (globalThis.quiet[track] ?? 0) + 0.01);
    return loud.length >= wanted;
  };
  await until(page, rising, count, seconds);
}

/**
 * Resolves when no sound has arrived for 50 frames of the picture (2 beeps and more at its 20 a second, 5 at 10). The clock is the picture, so a
 * stalled call is not taken for silence.
 */
export async function silent(page, seconds = PATIENCE_S) {
  await page.evaluate(() => delete globalThis.flat);
  const still = async () => {
    const loudest = Math.max(0, ...(await globalThis.probe.energy()));
    const frames = Math.max(0, ...Object.values(await globalThis.probe.frames()));
    if (!globalThis.flat || loudest - globalThis.flat.loudest > 1e-6) globalThis.flat = { loudest, frames };
    return frames > globalThis.flat.frames + 50;
  };
  await until(page, still, null, seconds);
}
