//! What the page makes of names: initials, a steady colour, and how people are called.

import { t } from "./i18n.js";

const TONES = 8;

/** One or two letters for a tile without a picture. */
export function initials(name) {
  const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toLocaleUpperCase()).join("");
}

/** A class name that gives a person the same colour everywhere. */
export function tone(peer) {
  let sum = 0;
  for (const letter of peer) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return `tone-${(sum % TONES) + 1}`;
}

/** The person's name, marked if it is oneself. */
export function shownName(person, self) {
  return person.peer === self.peer ? t("call.name_self", { name: person.name }) : person.name;
}

/** Who `peer` is in a sentence; a host who has left is still "the host". */
export function calledName(meeting, peer) {
  return (peer && meeting.person(peer)?.name) || t("say.host");
}
