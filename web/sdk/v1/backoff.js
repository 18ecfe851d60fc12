//! When to try again after a loss, and what a close code asks of the page; pure.

const FIRST_MS = 300;
const LONGEST_MS = 5000;
const GROWTH = 1.7;

/** How long to wait before attempt `attempt` (from 0), in ms: it grows to 5 s and is spread over its upper half,
 *  so that the pages of a restarted server don't come back in one instant.
 *  @param {number} attempt @param {() => number} [random] from [0, 1) */
export function delay(attempt, random = Math.random) {
  const whole = Math.min(LONGEST_MS, FIRST_MS * GROWTH ** Math.min(attempt, 20));
  return Math.round(whole * (0.5 + 0.5 * random()));
}

const STOPS = { 4200: "kicked", 4201: "banned", 4202: "room_ended", 4203: "replaced", 4204: "denied", 4205: "revoked" };

/** What a closed socket means. Ranges decide, so that codes to come are obeyed too.
 *  @param {number} code
 *  @returns {{then: "resume"} | {then: "join"} | {then: "end", reason: string}} */
export function afterClose(code) {
  if (code >= 4100 && code <= 4199) return { then: "join" };
  if (code >= 4200 && code <= 4299) return { then: "end", reason: STOPS[code] ?? "denied" };
  if (code >= 4300 && code <= 4399) return { then: "end", reason: "fault" };
  return { then: "resume" };
}

const FORGOTTEN = new Set(["unknown_session", "bad_secret", "not_joined"]);

/** What a refused `resume` means. @param {string} code
 *  @returns {{then: "join"} | {then: "again"} | {then: "end", reason: string}} */
export function afterRefusedResume(code) {
  if (FORGOTTEN.has(code)) return { then: "join" };
  if (code === "ended" || code === "no_such_room") return { then: "end", reason: "room_ended" };
  if (code === "banned") return { then: "end", reason: "banned" };
  if (code === "malformed" || code === "unsupported" || code === "invalid_field") return { then: "end", reason: "fault" };
  return { then: "again" };
}
