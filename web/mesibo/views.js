//! Where a page shows pictures, and the sound of everybody, which plays whether or not there is a picture.

const blocked = new Set();
let isWaiting = false;

/** Plays; a browser that wants a gesture first gets it with the next click or key. @param {HTMLMediaElement} element */
async function play(element) {
  try {
    await element.play();
    blocked.delete(element);
  } catch (error) {
    if (error.name !== "NotAllowedError" || !element.srcObject) return; // else it was stopped, or given something else meanwhile
    blocked.add(element);
    waitForGesture();
  }
}

function waitForGesture() {
  if (isWaiting) return;
  isWaiting = true;
  console.info("mesibo.js: the browser plays sound after the first click or key in this page");
  const again = () => {
    isWaiting = false;
    for (const type of ["pointerdown", "keydown"]) removeEventListener(type, again, true);
    for (const element of blocked) void play(element);
  };
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, again, true);
}

/** Shows a stream, or nothing, in a page's element. Its sound isn't this element's matter.
 *  @param {HTMLVideoElement} view @param {MediaStream | null} stream */
export function showIn(view, stream) {
  if (view.srcObject === stream) return;
  Object.assign(view, { muted: true, autoplay: true, playsInline: true, srcObject: stream });
  if (stream) void play(view);
}

/** Looks for an element until it is there. @param {{view: string | HTMLVideoElement, wait: number, tries: number}} wish
 *  @returns {Promise<HTMLVideoElement | null>} */
export async function find({ view, wait, tries }) {
  for (let tried = 0; ; tried += 1) {
    const found = typeof view === "string" ? document.getElementById(view) : view;
    if (found && "srcObject" in found) return /** @type {HTMLVideoElement} */ (found);
    if (tried >= tries) return null;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** What is heard, by a key of one's own. */
export class Sounds {
  /** @type {Map<unknown, HTMLAudioElement>} */
  #playing = new Map();

  /** @param {unknown} key @param {MediaStream} stream */
  hear(key, stream) {
    const audio = this.#playing.get(key) ?? document.createElement("audio");
    this.#playing.set(key, audio);
    if (audio.srcObject === stream && !audio.paused) return;
    audio.srcObject = stream;
    void play(audio);
  }

  silence(key) {
    const audio = this.#playing.get(key);
    this.#playing.delete(key);
    if (!audio) return;
    blocked.delete(audio);
    audio.srcObject = null;
  }

  close() {
    for (const key of [...this.#playing.keys()]) this.silence(key);
  }
}
