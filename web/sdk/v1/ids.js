//! Random ids of our own, in secure and insecure contexts alike.

/** 24 hex digits nobody else has. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
