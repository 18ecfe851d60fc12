//! Who of a room sends what, as pages of mesibo's know it: publishers with a camera and perhaps a screen, and those who only watch; pure.

export const CAMERA = 0;
export const SCREEN = 1;
/** Room below for a type: pages put both into one number. Oneself is the first. */
const STEP = 1 << 8;

/** Whether somebody may send a camera or a microphone and has the means. */
export function isPublisher({ rights, link }) {
  return link !== "none" && (rights.includes("publish_audio") || rights.includes("publish_video"));
}

/** What one person sends: type → what of it is off. @returns {Map<number, {audio: boolean, video: boolean}>} */
export function sent(person) {
  const all = new Map();
  if (!isPublisher(person)) return all;
  const { audio, video, screen } = person.media;
  all.set(CAMERA, { audio: !audio, video: !video });
  if (screen) all.set(SCREEN, { audio: false, video: false });
  return all;
}

/** Everybody else in the room. */
export class People {
  #ids = 1;
  /** @type {Map<string, {id: number, watcher: any, streams: Map<number, any>}>} */
  #known = new Map();

  /** @param {string} peer @param {number} type */
  stream(peer, type) {
    return this.#known.get(peer)?.streams.get(type);
  }

  *streams() {
    for (const { streams } of this.#known.values()) yield* streams.values();
  }

  /** Takes in how somebody is now. @returns {[what: "came" | "went" | "off" | "watches" | "watches no more", it: any][]} */
  update(person) {
    const told = [];
    const one = this.#known.get(person.peer) ?? { id: (this.#ids += 1) * STEP, watcher: null, streams: new Map() };
    this.#known.set(person.peer, one);
    const now = sent(person);
    for (const [type, it] of one.streams) {
      it.name = person.name;
      if (!now.has(type)) {
        one.streams.delete(type);
        told.push(["went", it]);
      }
    }
    for (const [type, off] of now) {
      const known = one.streams.get(type);
      if (!known) {
        const it = made(person, one.id, type, off);
        one.streams.set(type, it);
        told.push(["came", it]);
      } else if (known.off.audio !== off.audio || known.off.video !== off.video) {
        known.off = off;
        told.push(["off", known]);
      }
    }
    if (now.size === 0 && !one.watcher) {
      one.watcher = made(person, one.id, CAMERA, { audio: true, video: true });
      told.push(["watches", one.watcher]);
    } else if (now.size > 0 && one.watcher) {
      told.push(["watches no more", one.watcher]);
      one.watcher = null;
    }
    if (one.watcher) one.watcher.name = person.name;
    return told;
  }

  /** Somebody is gone. */
  remove(person) {
    const one = this.#known.get(person.peer);
    if (!one) return [];
    this.#known.delete(person.peer);
    return one.watcher ? [["watches no more", one.watcher]] : [...one.streams.values()].map((it) => ["went", it]);
  }

  /** All are gone. */
  clear() {
    return [...this.#known.keys()].flatMap((peer) => this.remove({ peer }));
  }
}

function made({ peer, name }, id, type, off) {
  const still = { called: false, connected: false, talking: false, talkedAt: 0 };
  return { id, type, name, address: peer, local: false, source: 0, muted: { audio: false, video: false }, off, ...still, listener: null, view: null, data: null };
}
