//! Meeting codes as people write them: a code, a link, with or without dashes, spaces and capitals.

const CODE = /^([a-z]{3})[-\s]?([a-z]{4})[-\s]?([a-z]{3})$/;
const OTHER_KEY = /^[A-Za-z0-9_-]{4,64}$/;

/** The room's key in what someone typed or pasted; null when there is none. */
export function readCode(typed) {
  const text = typed.trim();
  const path = text.match(/\/m\/([^/?#\s]+)/);
  const key = path ? decodePart(path[1]) : text;
  const plain = key.toLowerCase();
  const parts = plain.match(CODE);
  if (parts) return parts.slice(1).join("-");
  return OTHER_KEY.test(key) ? key : null;
}

/** The room's key in the address `/m/<code>`; null elsewhere. */
export function codeInPath(pathname) {
  const found = pathname.match(/^\/m\/([^/]+)\/?$/);
  return found ? decodePart(found[1]) : null;
}

function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The link that others open. */
export function meetingLink(code) {
  return `${location.origin}/m/${encodeURIComponent(code)}`;
}
