import { sumsAbove } from './map-data.js';

/** Least darkness of a pixel that covers many positions and of which anything is kept: no block row vanishes. */
const LEAST_TONE = 0.2;
/** Width of a position in pixels of the page from which grid lines are drawn. */
const GRID_FROM = 9;
/** Room between numbers at an axis, in pixels of the page. */
const LABEL_ROOM = { x: 56, y: 34 };

/**
 * How much of the kept colour a pixel has: its share of kept positions; where it covers more than one position, not so little that
 * it cannot be seen.
 * @param {number} share 0 ... 1
 * @param {number} covered positions under a pixel
 */
export function toneOf(share, covered) {
  if (share < 1e-6) return 0;
  const least = covered <= 1 ? 0 : LEAST_TONE * Math.min(1, covered - 1);
  return least + (1 - least) * Math.min(1, share);
}

/** Red, green and blue of any colour of CSS. */
function rgbOf(colour) {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
}

/**
 * Draws a map: shares of kept positions, axes, grid lines, cursor.
 * @param {HTMLCanvasElement} canvas whose size in device pixels is set
 * @param {import('./map-data.js').KeptSums} kept
 * @param {object} view all lengths in pixels of the page: `left` and `top` of the matrix on the canvas, `width` and `height` of
 *   what is seen of it, `scaleX` and `scaleY` of a position, `column` and `row` at its upper left corner; `ratio`: device pixels
 * @param {{ink: string, paper: string, accent: string, muted: string, line: string, font: string}} style
 * @param {{row: number, column: number} | null} cursor
 */
export function paintMap(canvas, kept, view, style, cursor) {
  const pen = canvas.getContext('2d');
  const { ratio } = view;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = style.paper;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  paintShares(pen, kept, view, style);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintGrid(pen, kept, view, style);
  paintAxes(pen, kept, view, style);
  if (cursor !== null) paintCursor(pen, view, style, cursor);
}

/** Places of the edges of device pixels in the matrix. */
function edges(pixels, first, step, end) {
  return Float64Array.from({ length: pixels + 1 }, (_, i) => Math.min(first + i * step, end));
}

function paintShares(pen, kept, view, style) {
  const { ratio } = view;
  const left = Math.round(view.left * ratio);
  const top = Math.round(view.top * ratio);
  const width = Math.max(1, Math.round((view.left + view.width) * ratio) - left);
  const height = Math.max(1, Math.round((view.top + view.height) * ratio) - top);
  const columns = edges(width, view.column, view.width / view.scaleX / width, kept.columns);
  const rows = edges(height, view.row, view.height / view.scaleY / height, kept.rows);
  const covered = (columns[1] - columns[0]) * (rows[1] - rows[0]);
  // tones in steps of 1 / 255, as a pixel has them
  const [paper, accent] = [rgbOf(style.paper), rgbOf(style.accent)];
  const image = pen.createImageData(width, height);
  const { data } = image;
  let above = new Float64Array(width + 1);
  let below = new Float64Array(width + 1);
  sumsAbove(kept, rows[0], columns, above);
  for (let y = 0, at = 0; y < height; y++) {
    sumsAbove(kept, rows[y + 1], columns, below);
    for (let x = 0; x < width; x++, at += 4) {
      const share = (below[x + 1] - below[x] - above[x + 1] + above[x]) / covered;
      const tone = toneOf(share, covered);
      data[at] = paper[0] + tone * (accent[0] - paper[0]);
      data[at + 1] = paper[1] + tone * (accent[1] - paper[1]);
      data[at + 2] = paper[2] + tone * (accent[2] - paper[2]);
      data[at + 3] = 255;
    }
    [above, below] = [below, above];
  }
  pen.putImageData(image, left, top);
}

function paintGrid(pen, kept, view, style) {
  if (Math.min(view.scaleX, view.scaleY) < GRID_FROM) return;
  pen.strokeStyle = style.line;
  pen.lineWidth = 1 / view.ratio;
  /** The middle of the device pixel at a place. */
  const crisp = (place) => (Math.floor(place * view.ratio + 1e-6) + 0.5) / view.ratio;
  pen.beginPath();
  for (const { at } of lines(view.column, view.width / view.scaleX, kept.columns, 1)) {
    const x = crisp(view.left + (at - view.column) * view.scaleX);
    pen.moveTo(x, view.top);
    pen.lineTo(x, view.top + view.height);
  }
  for (const { at } of lines(view.row, view.height / view.scaleY, kept.rows, 1)) {
    const y = crisp(view.top + (at - view.row) * view.scaleY);
    pen.moveTo(view.left, y);
    pen.lineTo(view.left + view.width, y);
  }
  pen.stroke();
}

/** Multiples of a step in what is seen. */
function lines(first, seen, end, step) {
  const from = Math.ceil(first / step - 1e-9);
  const to = Math.floor(Math.min(end, first + seen) / step + 1e-9);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({ at: (from + i) * step }));
}

/** A step of powers of two between numbers that have so much room, as blocks have them. */
function stepFor(scale, room) {
  return Math.max(1, 2 ** Math.ceil(Math.log2(room / scale)));
}

function paintAxes(pen, kept, view, style) {
  pen.font = `11px ${style.font}`;
  pen.fillStyle = style.muted;
  pen.strokeStyle = style.line;
  pen.lineWidth = 1;
  pen.strokeRect(view.left - 0.5, view.top - 0.5, view.width + 1, view.height + 1);
  // a number stands at the middle of its position where that can be told from its edge
  const middle = (scale) => (scale >= GRID_FROM ? scale / 2 : 0);
  pen.textBaseline = 'bottom';
  const across = stepFor(view.scaleX, LABEL_ROOM.x);
  for (const { at } of lines(view.column, view.width / view.scaleX, kept.columns - 1, across)) {
    const x = view.left + (at - view.column) * view.scaleX + middle(view.scaleX);
    if (x > view.left + view.width) continue;
    pen.textAlign =
      x < view.left + 8 ? 'left' : x > view.left + view.width - 14 ? 'right' : 'center';
    pen.fillText(String(at), x, view.top - 4);
  }
  pen.textAlign = 'right';
  const down = stepFor(view.scaleY, LABEL_ROOM.y);
  for (const { at } of lines(view.row, view.height / view.scaleY, kept.rows - 1, down)) {
    const y = view.top + (at - view.row) * view.scaleY + middle(view.scaleY);
    if (y > view.top + view.height) continue;
    pen.textBaseline =
      y < view.top + 6 ? 'top' : y > view.top + view.height - 6 ? 'bottom' : 'middle';
    pen.fillText(String(at), view.left - 5, y);
  }
}

function paintCursor(pen, view, style, { row, column }) {
  const width = Math.max(view.scaleX, 7);
  const height = Math.max(view.scaleY, 7);
  const x = view.left + (column + 0.5 - view.column) * view.scaleX - width / 2;
  const y = view.top + (row + 0.5 - view.row) * view.scaleY - height / 2;
  pen.save();
  pen.beginPath();
  pen.rect(view.left - 4, view.top - 4, view.width + 8, view.height + 8);
  pen.clip();
  // two lines, so that it is seen on any ground
  for (const [colour, lineWidth] of [
    [style.paper, 4],
    [style.ink, 2],
  ]) {
    pen.strokeStyle = colour;
    pen.lineWidth = lineWidth;
    pen.strokeRect(x, y, width, height);
  }
  pen.restore();
}
