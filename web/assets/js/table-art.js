//! The drawing on the start page: tiles seated round a table, one seat still open.

import { t } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";
const SEATS = [
  { x: 300, y: 62, tone: 1, initials: "MK" },
  { x: 488, y: 150, tone: 2, initials: "AO" },
  { x: 518, y: 342, tone: 3, initials: "JL" },
  { x: 392, y: 494, tone: 4, initials: "SB" },
  { x: 192, y: 488, tone: 5, initials: "TN" },
  { x: 80, y: 330, tone: 6, initials: "EV" },
];
const OPEN_SEAT = { x: 118, y: 142 };

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function seat({ x, y, tone, initials }, at) {
  const label = draw("text", { x, y: y + 8, class: "art-initials", "text-anchor": "middle" });
  label.textContent = initials;
  const speaking = at === 1 ? " art-speaking" : "";
  return draw(
    "g",
    { class: "art-seat" },
    draw("rect", { x: x - 62, y: y - 46, width: 124, height: 92, rx: 20, class: `art-tile tone-${tone}${speaking}` }),
    draw("circle", { cx: x, cy: y, r: 27, class: `art-face tone-${tone}` }),
    label,
  );
}

/** An SVG picture with a spoken name. */
export function tableArt() {
  return draw(
    "svg",
    { viewBox: "0 0 600 560", class: "table-art", role: "img", "aria-label": t("landing.art") },
    draw("circle", { cx: 300, cy: 284, r: 206, class: "art-ring" }),
    draw("circle", { cx: 300, cy: 284, r: 112, class: "art-table" }),
    draw("path", { d: "M236 262c18-34 54-34 64 0s46 34 64 0", class: "art-wave" }),
    draw("path", { d: "M236 306c18-34 54-34 64 0s46 34 64 0", class: "art-wave soft" }),
    ...SEATS.map(seat),
    draw("rect", { x: OPEN_SEAT.x - 62, y: OPEN_SEAT.y - 46, width: 124, height: 92, rx: 20, class: "art-open" }),
    draw("path", { d: `M${OPEN_SEAT.x - 14} ${OPEN_SEAT.y}h28M${OPEN_SEAT.x} ${OPEN_SEAT.y - 14}v28`, class: "art-plus" }),
  );
}
