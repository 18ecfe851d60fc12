//! Who speaks: each page hears for itself, from the levels of what it receives and of its own microphone.

const EVERY_MS = 200;
const HOLD_MS = 700;
const REMOTE_LEVEL = 0.02;
const OWN_LEVEL = 0.06;

export class Speaking {
  /** @type {Set<string>} */
  peers = new Set();
  #heard = new Map();
  #timer;

  /** @param {() => Iterable<{peer: string, level: number, own: boolean}>} levels of everyone whose microphone is on
   *  @param {(peers: Set<string>) => void} changed */
  constructor(levels, changed) {
    this.levels = levels;
    this.changed = changed;
    this.#timer = setInterval(() => this.listen(performance.now()), EVERY_MS);
  }

  /** @param {number} now ms */
  listen(now) {
    for (const { peer, level, own } of this.levels()) {
      if (level > (own ? OWN_LEVEL : REMOTE_LEVEL)) this.#heard.set(peer, now);
    }
    const peers = new Set();
    for (const [peer, at] of this.#heard) {
      if (now - at <= HOLD_MS) peers.add(peer);
      else this.#heard.delete(peer);
    }
    if (peers.size === this.peers.size && [...peers].every((peer) => this.peers.has(peer))) return;
    this.peers = peers;
    this.changed(peers);
  }

  close() {
    clearInterval(this.#timer);
  }
}

/** How loud everybody is now. @param {any} self @param {{level: number}} media @param {Iterable<any>} links */
export function levels(self, media, links) {
  const heard = [...links].map((link) => ({ peer: link.peer, own: false, level: link.person.media.audio ? levelOf(link.tracks?.hearing) : 0 }));
  return self ? [{ peer: self.peer, own: true, level: media.level }, ...heard] : heard;
}

/** The level at which a receiver hears now, 0…1. @param {RTCRtpReceiver | undefined} receiver */
export function levelOf(receiver) {
  return receiver?.getSynchronizationSources?.()[0]?.audioLevel ?? 0;
}
