//! The page's few short tones, computed as WAV so that no file has to be loaded.

const RATE = 22_050;
const NOTES = {
  test: [523, 659, 784],
  join: [523, 784],
  hand: [659, 659],
  message: [784],
};
const NOTE_SECONDS = 0.16;
const made = new Map();

/** A blob address of the tone. */
export function tone(kind) {
  if (!made.has(kind)) made.set(kind, URL.createObjectURL(new Blob([wav(NOTES[kind])], { type: "audio/wav" })));
  return made.get(kind);
}

function wav(notes) {
  const perNote = Math.round(RATE * NOTE_SECONDS);
  const samples = perNote * notes.length;
  const view = new DataView(new ArrayBuffer(44 + samples * 2));
  const text = (at, word) => [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + samples * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples * 2, true);
  for (let at = 0; at < samples; at += 1) {
    const within = (at % perNote) / perNote;
    const envelope = Math.min(1, within * 12) * (1 - within) ** 2;
    const wave = Math.sin((2 * Math.PI * notes[Math.floor(at / perNote)] * at) / RATE);
    view.setInt16(44 + at * 2, wave * envelope * 16_000, true);
  }
  return view;
}
