//! Makes links of addresses in a text: only http and https, always as text nodes and plain anchors.

import { h } from "./dom.js";

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}»”’]+$/;

/** Nodes for `text`. */
export function linkify(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    if (!isSafe(address)) continue;
    nodes.push(text.slice(from, found.index), anchor(address));
    from = found.index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** Punctuation after an address belongs to the sentence, but for a closing bracket that it opened. */
function trimmed(address) {
  const end = address.match(TRAILING)?.[0] ?? "";
  if (end.startsWith(")") && address.includes("(")) return address.slice(0, address.length - end.length + 1);
  return address.slice(0, address.length - end.length);
}

function isSafe(address) {
  try {
    const { protocol, hostname } = new URL(address);
    return (protocol === "http:" || protocol === "https:") && hostname !== "";
  } catch {
    return false;
  }
}

function anchor(address) {
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", text: address });
}
