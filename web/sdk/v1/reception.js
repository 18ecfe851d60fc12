//! Whose video is worth receiving, and how the sender's bandwidth is divided; pure.

/** @typedef {{peer: string, media: {video: boolean, screen: boolean}}} Seen */

/** The people whose video should be paused: hidden ones, and those beyond `max`. Screens come first, then the spotlight, the page's
 *  wish and the order of joining. Who shows nothing now takes no place.
 *  @param {{people: Iterable<Seen>, hidden: Set<string>, priority: readonly string[], spotlight: string | null, max: number}} view
 *  @returns {Set<string>} */
export function paused({ people, hidden, priority, spotlight, max }) {
  const off = new Set();
  const shown = [];
  for (const person of people) {
    if (hidden.has(person.peer)) off.add(person.peer);
    else if (person.media.video || person.media.screen) shown.push(person);
  }
  const wish = (peer) => {
    const at = priority.indexOf(peer);
    return at < 0 ? priority.length : at;
  };
  const rank = ({ peer, media }) => (media.screen ? -2 : peer === spotlight ? -1 : wish(peer));
  const ordered = shown.map((person, joined) => ({ person, joined })).sort((a, b) => rank(a.person) - rank(b.person) || a.joined - b.joined);
  for (const { person } of ordered.slice(Math.max(0, max))) off.add(person.peer);
  return off;
}

const TOTAL_BPS = 2_500_000;
const CAMERA_FLOOR_BPS = 150_000;
const SCREEN_FLOOR_BPS = 300_000;

/** The height worth sending to each of so many. @param {number} receivers */
function heightFor(receivers) {
  if (receivers <= 1) return 720;
  if (receivers <= 2) return 540;
  if (receivers <= 4) return 360;
  return receivers <= 8 ? 240 : 180;
}

/** What one of `receivers` gets of our camera and screen.
 *  @param {{receivers: number, asked: boolean, screen: boolean, height: number}} now `height` of the camera's picture, 0 if unknown */
export function division({ receivers, asked, screen, height }) {
  const each = TOTAL_BPS / Math.max(1, receivers);
  const camera = Math.max(CAMERA_FLOOR_BPS, Math.round(screen ? each * 0.3 : each));
  return {
    camera: { active: asked, maxBitrate: camera, scaleResolutionDownBy: Math.max(1, (height || 720) / heightFor(receivers)) },
    screen: { active: asked, maxBitrate: Math.max(SCREEN_FLOOR_BPS, Math.round(each * 0.7)), scaleResolutionDownBy: 1 },
  };
}
