//! Where tiles go: pure sums of sizes, no elements. All lengths in CSS pixels.

const WIDEST = 16 / 9;
const NARROWEST = 3 / 4;
const STRIP_RATIO = 16 / 10;
const SMALLEST_TILE = { width: 132, height: 96 };
export const MOST_TILES = 12;

/** How many tiles fit without being smaller than is useful, from 1 to 12. */
export function tilesThatFit(width, height, gap) {
  const across = Math.max(1, Math.floor((width + gap) / (SMALLEST_TILE.width + gap)));
  const down = Math.max(1, Math.floor((height + gap) / (SMALLEST_TILE.height + gap)));
  return Math.min(MOST_TILES, across * down);
}

/** Equal tiles, as large as possible, the last row centred: `[{x, y, width, height}]`. */
export function gridLayout(count, width, height, gap) {
  if (count === 0) return [];
  let best = null;
  for (let columns = 1; columns <= count; columns += 1) {
    const size = cellSize(columns, Math.ceil(count / columns), width, height, gap);
    const area = size.width * size.height;
    if (!best || area > best.area * 1.02) best = { ...size, columns, area };
  }
  return place(count, best, width, height, gap);
}

function cellSize(columns, rows, width, height, gap) {
  const cellWidth = Math.max(1, (width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(1, (height - gap * (rows - 1)) / rows);
  const ratio = Math.min(WIDEST, Math.max(NARROWEST, cellWidth / cellHeight));
  const fitted = cellWidth / cellHeight > ratio ? { width: cellHeight * ratio, height: cellHeight } : { width: cellWidth, height: cellWidth / ratio };
  return { width: Math.floor(fitted.width), height: Math.floor(fitted.height), rows };
}

function place(count, cell, width, height, gap) {
  const rects = [];
  const top = (height - (cell.rows * cell.height + (cell.rows - 1) * gap)) / 2;
  for (let at = 0; at < count; at += 1) {
    const row = Math.floor(at / cell.columns);
    const inRow = row === cell.rows - 1 ? count - row * cell.columns : cell.columns;
    const left = (width - (inRow * cell.width + (inRow - 1) * gap)) / 2;
    const column = at - row * cell.columns;
    rects.push({
      x: Math.round(left + column * (cell.width + gap)),
      y: Math.round(top + row * (cell.height + gap)),
      width: cell.width,
      height: cell.height,
    });
  }
  return rects;
}

/**
 * One large tile and a filmstrip beside it (wide stages) or under it (tall ones):
 * `{main, strip: [rect…]}`; the strip holds at most what fits, up to `count`.
 */
export function focusLayout(count, width, height, gap) {
  if (count === 0) return { main: { x: 0, y: 0, width, height }, strip: [] };
  return width >= height * 1.15 ? besideLayout(count, width, height, gap) : underLayout(count, width, height, gap);
}

function besideLayout(count, width, height, gap) {
  const thin = Math.round(Math.min(230, Math.max(120, width * 0.19)));
  const tall = Math.round(thin / STRIP_RATIO);
  const shown = Math.min(count, Math.max(1, Math.floor((height + gap) / (tall + gap))));
  const top = Math.max(0, (height - (shown * tall + (shown - 1) * gap)) / 2);
  const strip = Array.from({ length: shown }, (_, at) => ({
    x: width - thin,
    y: Math.round(top + at * (tall + gap)),
    width: thin,
    height: tall,
  }));
  return { main: { x: 0, y: 0, width: width - thin - gap, height }, strip };
}

function underLayout(count, width, height, gap) {
  const tall = Math.round(Math.min(132, Math.max(72, height * 0.16)));
  const wide = Math.round(tall * 1.25);
  const shown = Math.min(count, Math.max(1, Math.floor((width + gap) / (wide + gap))));
  const left = Math.max(0, (width - (shown * wide + (shown - 1) * gap)) / 2);
  const strip = Array.from({ length: shown }, (_, at) => ({
    x: Math.round(left + at * (wide + gap)),
    y: height - tall,
    width: wide,
    height: tall,
  }));
  return { main: { x: 0, y: 0, width, height: height - tall - gap }, strip };
}
