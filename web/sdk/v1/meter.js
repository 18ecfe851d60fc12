//! The level of a microphone, measured where no gesture is needed yet and from the first gesture on where one is.

const EVERY_MS = 100;

export class Meter {
  level = 0;
  #context = null;
  #analyser = null;
  #source = null;
  #samples = new Float32Array(1024);
  #track = null;
  #timer = 0;

  /** @param {(level: number) => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.gesture = () => this.#open();
  }

  /** @param {MediaStreamTrack | null} track */
  listen(track) {
    this.#source?.disconnect();
    this.#source = null;
    this.#track = track;
    clearInterval(this.#timer);
    this.#set(0);
    if (!track) return;
    this.#timer = setInterval(() => this.#measure(), EVERY_MS);
    if (this.#context) this.#attach();
    else if (navigator.userActivation?.hasBeenActive ?? true) this.#open();
    else this.#waitForGesture();
  }

  /** A browser lets no sound graph run before the person did something, and says so in the console: so none is made before. */
  #waitForGesture() {
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, this.gesture, { once: true, capture: true });
  }

  #open() {
    if (!this.#track) return;
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") void this.#context.resume().catch(() => {});
    this.#attach();
  }

  #attach() {
    if (this.#source) return;
    this.#analyser ??= new AnalyserNode(this.#context, { fftSize: 1024 });
    this.#source = this.#context.createMediaStreamSource(new MediaStream([this.#track]));
    this.#source.connect(this.#analyser);
  }

  #measure() {
    if (!this.#analyser || !this.#track?.enabled || this.#track.readyState !== "live") {
      this.#set(0);
      return;
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let energy = 0;
    for (const sample of this.#samples) energy += sample * sample;
    this.#set(Math.min(1, Math.sqrt(energy / this.#samples.length) * 2));
  }

  #set(level) {
    if (level === 0 && this.level === 0) return;
    this.level = level;
    this.changed(level);
  }

  close() {
    this.listen(null);
    for (const type of ["pointerdown", "keydown"]) removeEventListener(type, this.gesture, { capture: true });
    void this.#context?.close().catch(() => {});
    this.#context = null;
  }
}
