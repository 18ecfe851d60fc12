//! Opening devices: what the browser's refusals mean in plain kinds, and which devices there are.

/** @typedef {import("../v1.d.ts").MediaProblem} MediaProblem */

const KINDS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  DevicesNotFoundError: "absent",
  NotReadableError: "taken",
  TrackStartError: "taken",
  AbortError: "taken",
};

/** @param {any} error @returns {MediaProblem} */
export function problemOf(error) {
  return KINDS[error?.name] ?? "taken";
}

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** A picture that the machine can encode several times over. */
function picture() {
  const small = (navigator.hardwareConcurrency ?? 4) <= 2;
  return { width: { ideal: small ? 640 : 1280 }, height: { ideal: small ? 360 : 720 }, frameRate: { ideal: 24, max: 30 } };
}

/** Opens one device; `id` "" is any.
 *  @param {"audio" | "video"} kind @param {string} id
 *  @returns {Promise<{track: MediaStreamTrack, problem: null} | {track: null, problem: MediaProblem}>} */
export async function openDevice(kind, id) {
  if (!navigator.mediaDevices?.getUserMedia) return { track: null, problem: "insecure" };
  const base = kind === "audio" ? SOUND : picture();
  const wish = { ...base, ...(id && { deviceId: { exact: id } }) };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: wish });
    return { track: stream.getTracks()[0], problem: null };
  } catch (error) {
    return { track: null, problem: problemOf(error) };
  }
}

/** Asks for a screen, a window or a tab. A person who cancels is no problem.
 *  @returns {Promise<{tracks: MediaStreamTrack[], problem: MediaProblem | null}>} */
export async function openScreen() {
  if (!globalThis.isSecureContext) return { tracks: [], problem: "insecure" };
  if (!navigator.mediaDevices?.getDisplayMedia) return { tracks: [], problem: "absent" };
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true });
    for (const track of stream.getVideoTracks()) track.contentHint = "detail";
    return { tracks: stream.getTracks(), problem: null };
  } catch (error) {
    return { tracks: [], problem: error?.name === "NotAllowedError" ? null : problemOf(error) };
  }
}

/** @returns {Promise<import("../v1.d.ts").Devices>} */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const of = (kind) => all.filter((one) => one.kind === kind);
  return { microphones: of("audioinput"), cameras: of("videoinput"), speakers: of("audiooutput") };
}
