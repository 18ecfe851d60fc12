//! Who gets a tile and which one is large: a pure choice over what the meeting says.

/** The key of a person's screen tile. */
export function screenKey(peer) {
  return `${peer}:screen`;
}

/**
 * Orders everyone for the stage. The order stays calm: join order, oneself last, and only somebody who
 * would otherwise be out of sight takes the place of whoever has been silent longest.
 *
 * `people`: others in join order; `lastSpoke`: peer → time; `room`: how many tiles fit.
 * Returns `{large, tiles, hidden}`: a key or null, keys in order, peers without a tile.
 */
export function seating({ people, self, layout, pinned, spotlight, lastSpoke, speaker, fits }) {
  const screens = people.filter((person) => person.media.screen).map((person) => screenKey(person.peer));
  if (self.media.screen) screens.push(screenKey(self.peer));
  const large = largeKey({ people, self, layout, pinned, spotlight, speaker, screens });
  const cameras = people.map((person) => person.peer);
  const free = Math.max(1, fits - screens.length - 1);
  const shown = cameras.length <= free ? cameras : mostWanted(cameras, { free, pinned, spotlight, lastSpoke, large });
  const hidden = cameras.filter((peer) => !shown.includes(peer));
  return { large, tiles: [...screens, ...shown, self.peer], hidden };
}

function largeKey({ people, self, layout, pinned, spotlight, speaker, screens }) {
  const known = new Set([...screens, self.peer, ...people.map((person) => person.peer)]);
  if (pinned && known.has(pinned)) return pinned;
  const others = screens.filter((key) => key !== screenKey(self.peer));
  if (others.length > 0) return others[others.length - 1];
  if (spotlight && known.has(spotlight)) return spotlight;
  if (layout !== "speaker") return null;
  if (speaker && known.has(speaker)) return speaker;
  return people[0]?.peer ?? null;
}

function mostWanted(cameras, { free, pinned, spotlight, lastSpoke, large }) {
  const rank = (peer, at) => {
    if (peer === large || peer === pinned || peer === spotlight) return Number.MAX_SAFE_INTEGER;
    return (lastSpoke.get(peer) ?? 0) - at / 1000;
  };
  const wanted = cameras
    .map((peer, at) => ({ peer, rank: rank(peer, at) }))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, free);
  const chosen = new Set(wanted.map((entry) => entry.peer));
  return cameras.filter((peer) => chosen.has(peer));
}
