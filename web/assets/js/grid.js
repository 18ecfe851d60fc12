//! Where tiles go: pure sums of sizes, no elements. All lengths in CSS pixels.

const WIDEST = 16 / 9;
const NARROWEST_UPRIGHT = 3 / 4;
const NARROWEST_WIDE = 1.1;
const MOST_IN_STRIP = 10;
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
  const narrowest = width > height ? NARROWEST_WIDE : NARROWEST_UPRIGHT;
  const ratio = Math.min(WIDEST, Math.max(narrowest, cellWidth / cellHeight));
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
 * One large tile and a filmstrip beside it (wide stages) or under it (upright ones):
 * `{main, strip: [rect…]}`; the strip holds at most what fits, up to `count`.
 */
export function focusLayout(count, width, height, gap) {
  if (count === 0) return { main: { x: 0, y: 0, width, height }, strip: [] };
  return width >= height * 1.15 ? besideLayout(count, width, height, gap) : underLayout(count, width, height, gap);
}

function besideLayout(count, width, height, gap) {
  const shown = Math.min(count, MOST_IN_STRIP);
  const share = shown > 5 ? 0.24 : 0.19;
  const thin = Math.round(Math.min(shown > 5 ? 340 : 240, Math.max(128, width * share)));
  const strip = gridLayout(shown, thin, height, gap).map((rect) => ({ ...rect, x: rect.x + width - thin }));
  return { main: { x: 0, y: 0, width: width - thin - gap, height }, strip };
}

/** The large tile takes what a 4:3 picture needs, the others share the rest. */
function underLayout(count, width, height, gap) {
  const tall = Math.round(Math.min(height * 0.66, Math.max(height * 0.4, width * 0.75)));
  const left = height - tall - gap;
  const shown = Math.min(count, MOST_IN_STRIP, tilesThatFit(width, left, gap) + 2);
  const strip = gridLayout(shown, width, left, gap).map((rect) => ({ ...rect, y: rect.y + tall + gap }));
  return { main: { x: 0, y: 0, width, height: tall }, strip };
}
