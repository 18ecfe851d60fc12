//! What the page remembers on this device: name, account, devices, looks, recent meetings, volumes.

const PREFIX = "convene.";
const RECENT_LIMIT = 8;

function read(name, otherwise) {
  try {
    const raw = localStorage.getItem(PREFIX + name);
    return raw === null ? otherwise : JSON.parse(raw);
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    if (value === null || value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the memory, not the meeting.
  }
}

const DEFAULTS = {
  name: "",
  account: null,
  language: null,
  theme: null,
  mic: null,
  camera: null,
  speaker: null,
  micOn: true,
  cameraOn: true,
  mirror: true,
  sounds: true,
};

/** Plain properties, stored at once when set. */
export const prefs = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, otherwise]) => [
      name,
      { get: () => read(name, otherwise), set: (value) => write(name, value), enumerable: true },
    ]),
  ),
);

/** Recent meetings, newest first: `{code, name, at}` with `at` in milliseconds. */
export function recentMeetings() {
  return read("recent", []);
}

export function rememberMeeting(code, name) {
  const others = recentMeetings().filter((entry) => entry.code !== code);
  write("recent", [{ code, name, at: Date.now() }, ...others].slice(0, RECENT_LIMIT));
}

export function forgetMeeting(code) {
  write("recent", recentMeetings().filter((entry) => entry.code !== code));
}
