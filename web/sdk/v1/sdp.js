//! The two things read out of descriptions: whose certificate it is, and which candidates belong to it; pure.

/** @param {string} sdp @returns {string | undefined} */
export function fingerprint(sdp) {
  return /^a=fingerprint:\S+ (\S+)/m.exec(sdp)?.[1]?.toUpperCase();
}

/** Whether `sdp` comes from another peer connection than the one `pc` talks with (a reloaded page makes a new certificate).
 *  A peer connection that heard nothing yet can't continue anything, so what comes is new.
 *  @param {{remoteDescription: {sdp: string} | null} | null} pc @param {string} sdp */
export function begunAnew(pc, sdp) {
  if (!pc?.remoteDescription) return true;
  return fingerprint(pc.remoteDescription.sdp) !== fingerprint(sdp);
}

/** Whether a candidate belongs to the description: one of an earlier ICE generation is dropped rather than refused by the browser.
 *  @param {string} sdp @param {{usernameFragment?: string | null} | null} candidate */
export function candidateFits(sdp, candidate) {
  const ufrag = candidate?.usernameFragment;
  if (!ufrag) return true;
  return sdp.split(/\r?\n/).includes(`a=ice-ufrag:${ufrag}`);
}
