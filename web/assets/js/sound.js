//! What is heard: each person's voice and screen sound, the chosen speaker, and the page's own short tones.

import { prefs } from "./prefs.js";
import { tone } from "./tones.js";

const elements = new Map();
const blocked = new Set();
let whenBlocked = () => {};

/** `listener(isBlocked)` hears when the browser holds sound back until a click, and when it flows. */
export function onBlocked(listener) {
  whenBlocked = listener;
}

export function canChooseSpeaker() {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Plays `stream` under `key` (a person and a source); one element per key. */
export function hear(key, stream) {
  let audio = elements.get(key);
  if (!audio) {
    audio = document.createElement("audio");
    audio.dataset.test = "audio";
    audio.autoplay = true;
    elements.set(key, audio);
    document.body.append(audio);
    applySpeaker(audio);
  }
  if (audio.srcObject !== stream) audio.srcObject = stream;
  start(audio);
}

/** Volume from 0 to 1 for everything under `key`. */
export function setVolume(key, volume) {
  const audio = elements.get(key);
  if (!audio) return;
  audio.volume = volume;
  audio.muted = volume === 0;
}

export function silence(key) {
  const audio = elements.get(key);
  if (!audio) return;
  audio.srcObject = null;
  audio.remove();
  elements.delete(key);
  settle(audio);
}

export function silenceAll() {
  for (const key of [...elements.keys()]) silence(key);
  whenBlocked = () => {};
}

/** After a click: starts everything that the browser held back. */
export function hearNow() {
  for (const audio of elements.values()) start(audio);
}

export function setSpeaker() {
  for (const audio of elements.values()) applySpeaker(audio);
}

/** The speaker's test, on the chosen speaker. */
export function playTestSound() {
  playTone("test");
}

/** One of the page's own tones: test, join, hand, message. */
export function playTone(kind) {
  const audio = new Audio(tone(kind));
  applySpeaker(audio);
  audio.volume = kind === "test" ? 0.8 : 0.35;
  audio.play().catch(() => {});
}

function applySpeaker(audio) {
  if (!canChooseSpeaker()) return;
  audio.setSinkId(prefs.speaker ?? "").catch(() => {});
}

async function start(audio) {
  if (!audio.srcObject?.getAudioTracks().length) return;
  try {
    await audio.play();
    settle(audio);
  } catch (error) {
    if (error.name !== "NotAllowedError") return;
    blocked.add(audio);
    whenBlocked(true);
  }
}

function settle(audio) {
  const was = blocked.delete(audio);
  if (was && blocked.size === 0) whenBlocked(false);
}
