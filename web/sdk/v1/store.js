//! What outlives a reload: the tab's seat in sessionStorage, the owner's secrets in localStorage. Works without either.

const SEAT = "convene.seat.";
const OWNER = "convene.owner.";
/** How long the page before a reload may take to be gone. */
const CLAIM_WITHIN_MS = 3000;

/** @param {() => Storage} storage @param {(s: Storage) => any} use */
function guarded(storage, use) {
  try {
    return use(storage());
  } catch {
    return null; // storage may be forbidden or full: the meeting goes on without it
  }
}
const tab = (use) => guarded(() => sessionStorage, use);
const kept = (use) => guarded(() => localStorage, use);

/** @param {string} room */
export function readSeat(room) {
  return tab((storage) => JSON.parse(storage.getItem(SEAT + room) ?? "null"));
}
/** @param {string} room @param {object} seat */
export function writeSeat(room, seat) {
  tab((storage) => storage.setItem(SEAT + room, JSON.stringify(seat)));
}
/** @param {string} room */
export function dropSeat(room) {
  tab((storage) => storage.removeItem(SEAT + room));
}

/** @param {string} room @returns {string | null} */
export function readOwner(room) {
  return kept((storage) => storage.getItem(OWNER + room));
}
/** @param {string} room @param {string} secret */
export function writeOwner(room, secret) {
  kept((storage) => storage.setItem(OWNER + room, secret));
}
/** @param {string} room */
export function dropOwner(room) {
  kept((storage) => storage.removeItem(OWNER + room));
}
/** Forgets a kept secret that opens nothing any more: an account has claimed the room, or it is of another server's data.
 *  @param {string} room @param {string} code of the refusal @returns {boolean} whether to ask again, as anybody would */
export function forgetRefusedOwner(room, code) {
  if (code !== "token_invalid" || !readOwner(room)) return false;
  dropOwner(room);
  return readOwner(room) === null;
}
/** @returns {Record<string, string>} every kept secret by its room's code */
export function readOwners() {
  const owned = kept((storage) => Object.entries(storage).filter(([key]) => key.startsWith(OWNER)));
  return Object.fromEntries((owned ?? []).map(([key, secret]) => [key.slice(OWNER.length), secret]));
}

/** How to let go of what this page holds, by session. @type {Map<string, () => void>} */
const held = new Map();

/** Claims a seat for this page as long as it lives, or until it is let go. A duplicated tab has a copy of the seat but finds it claimed;
 *  a reload finds it free as soon as the old page is gone.
 *  @param {string} session @returns {Promise<boolean>} whether it is ours */
export function claimSeat(session) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const patience = AbortSignal.timeout(CLAIM_WITHIN_MS);
    locks
      .request(`convene.seat.${session}`, { signal: patience }, () => {
        resolve(true);
        return new Promise((done) => held.set(session, () => done(undefined)));
      })
      .catch(() => resolve(false));
  });
}

/** Lets a seat go, so that this page too can claim it anew. @param {string | undefined} session */
export function releaseSeat(session) {
  held.get(session)?.();
  held.delete(session);
}
