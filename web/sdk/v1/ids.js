//! Random ids of our own, in secure and insecure contexts alike, and marks of secrets.

/** 24 hex digits nobody else has. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Tells two texts apart (32 bits, FNV-1a) without keeping either; null of none. @param {string} [text] */
export function markOf(text) {
  if (!text) return null;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}
