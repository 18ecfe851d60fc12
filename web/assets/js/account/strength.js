//! A hint on how good a new password is, while it is typed; the server judges.

/** Characters at least, as the server asks by default. */
export const LEAST = 10;

/** From 0 (too short) to 3 (long and varied): a hint while typing, not the judgement. */
export function strength(text) {
  const letters = [...text];
  if (letters.length < LEAST) return 0;
  const varied = new Set(letters).size;
  if (varied < 5) return 1;
  const runs = letters.filter((letter, at) => at > 0 && Math.abs(letter.codePointAt(0) - letters[at - 1].codePointAt(0)) <= 1).length;
  if (runs > letters.length / 2) return 1;
  return letters.length >= 15 && varied >= 8 ? 3 : 2;
}
