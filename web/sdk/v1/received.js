//! What comes in from one person: three streams that stay the same objects while tracks come and go in them.

/** @typedef {import("./tracks.js").Source} Source */

export class Received {
  streams = { mic: new MediaStream(), camera: new MediaStream(), screen: new MediaStream() };

  /** @param {(source: Source, track: MediaStreamTrack, stream: MediaStream) => void} came @param {(source: Source, track: MediaStreamTrack) => void} went */
  constructor(came, went) {
    this.came = came;
    this.went = went;
  }

  /** @param {Source} source @param {MediaStreamTrack} track */
  add(source, track) {
    const stream = this.streams[source];
    if (stream.getTracks().includes(track)) return;
    for (const old of stream.getTracks()) {
      if (old.kind === track.kind) this.#drop(source, old);
    }
    stream.addTrack(track);
    this.came(source, track, stream);
  }

  #drop(source, track) {
    this.streams[source].removeTrack(track);
    this.went(source, track);
  }

  /** Keeps only live ones. @param {Set<MediaStreamTrack>} live */
  prune(live) {
    for (const source of Object.keys(this.streams)) {
      for (const track of this.streams[source].getTracks()) {
        if (!live.has(track)) this.#drop(source, track);
      }
    }
  }
}
