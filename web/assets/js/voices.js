//! Everyone's sound in a call, with a volume per person.

import { hear, onBlocked, setVolume, silence, silenceAll } from "./sound.js";

export class Voices {
  constructor(ctx) {
    this.meeting = ctx.meeting;
    this.volumes = new Map();
    this.whenBlocked = () => {};
    onBlocked((blocked) => this.whenBlocked(blocked));
    ctx.on("track", () => this.update());
    ctx.on("peerleft", ({ person }) => this.#forget(person.peer));
    ctx.on("joined", () => this.update());
    ctx.on("resumed", () => this.update());
    this.update();
  }

  /** Volume from 0 to 1 that `peer` has here. */
  volume(peer) {
    return this.volumes.get(peer) ?? 1;
  }

  setVolume(peer, volume) {
    this.volumes.set(peer, volume);
    for (const source of ["mic", "screen"]) setVolume(`${peer}/${source}`, volume);
  }

  update() {
    for (const peer of this.meeting.people.keys()) {
      const remote = this.meeting.remote(peer);
      if (!remote) continue;
      for (const source of ["mic", "screen"]) this.#play(peer, source, remote[source]);
    }
  }

  close() {
    silenceAll();
  }

  #play(peer, source, stream) {
    const key = `${peer}/${source}`;
    if (!stream.getAudioTracks().length) return silence(key);
    hear(key, stream);
    setVolume(key, this.volume(peer));
  }

  #forget(peer) {
    for (const source of ["mic", "screen"]) silence(`${peer}/${source}`);
  }
}
