//! One-time codes as people type and paste them.

export const DIGITS = 6;

/** The digits in what was typed or pasted: a whole message too, if one code stands in it. */
export function readDigits(text) {
  const alone = text.match(/(?:^|[^\d])(\d{3})[\s-]?(\d{3})(?!\d)/);
  if (alone) return alone[1] + alone[2];
  return text.replace(/\D/g, "").slice(0, DIGITS);
}
