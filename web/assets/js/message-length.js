//! How much of a message is too long: the server counts bytes, people count characters.

/** The server's limit for one message, in bytes of UTF-8. */
const MAX_BYTES = 4_096;

/** How many characters at the end of `text` have to go; 0 when it fits. */
export function charactersOver(text) {
  const encoder = new TextEncoder();
  let over = encoder.encode(text).length - MAX_BYTES;
  let characters = 0;
  for (const character of [...text].reverse()) {
    if (over <= 0) break;
    over -= encoder.encode(character).length;
    characters += 1;
  }
  return characters;
}
