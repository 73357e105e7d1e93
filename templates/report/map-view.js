/** What of a matrix is seen, and where on the canvas. All lengths are in pixels of the page. */

/** Height of the matrix at most; between how much lower and higher than wide it may be drawn, whatever its shape. */
const MOST_HEIGHT = 520;
const LEAST_SHAPE = 0.3;
const MOST_SHAPE = 1.25;
/** Side of a position at the largest zoom. */
const LARGEST_POSITION = 32;
/** Above the matrix stand the numbers of its columns, left of it those of its rows. */
const TOP = 20;
const DIGIT = 6.5;

/**
 * Room for a matrix: its own shape where that is neither very low nor very high.
 * @param {{rows: number, columns: number}} size
 * @param {number} room width of the holder
 */
export function layoutOf({ rows, columns }, room) {
  const left = Math.ceil(String(rows - 1).length * DIGIT) + 10;
  const shape = Math.min(MOST_SHAPE, Math.max(LEAST_SHAPE, rows / columns));
  const most = Math.max(40, room - left - 1);
  const height = Math.max(40, Math.min(MOST_HEIGHT, Math.round(most * shape)));
  const width = Math.min(most, Math.round(height / shape));
  return { rows, columns, left, top: TOP, width, height };
}

/** Size of a position when the matrix fills `length`, enlarged so many times, as far as makes sense. */
function scaleAt(length, count, zoom) {
  const fit = length / count;
  return Math.max(fit, Math.min(fit * zoom, LARGEST_POSITION));
}

/** Zoom at which neither direction gets larger. */
export function mostZoom({ rows, columns, width, height }) {
  const fit = Math.min(width / columns, height / rows);
  return Math.max(1, LARGEST_POSITION / fit);
}

/** The view whose upper left corner is as near to a place as the edges of the matrix allow. */
export function viewAt(layout, zoom, row, column) {
  const { rows, columns, width, height } = layout;
  const near = Math.min(mostZoom(layout), Math.max(1, zoom));
  const scaleX = scaleAt(width, columns, near);
  const scaleY = scaleAt(height, rows, near);
  return {
    ...layout,
    zoom: near,
    scaleX,
    scaleY,
    row: Math.min(Math.max(0, row), rows - height / scaleY),
    column: Math.min(Math.max(0, column), columns - width / scaleX),
  };
}

/** The view with a position in its middle. */
export function centredAt(layout, zoom, { row, column }) {
  const { scaleX, scaleY } = viewAt(layout, zoom, 0, 0);
  const up = layout.height / scaleY / 2;
  const before = layout.width / scaleX / 2;
  return viewAt(layout, zoom, row + 0.5 - up, column + 0.5 - before);
}

/** The view enlarged by a factor, what is at a point of the canvas staying there. */
export function zoomedAt(view, factor, x, y) {
  const row = view.row + (y - view.top) / view.scaleY;
  const column = view.column + (x - view.left) / view.scaleX;
  const zoom = Math.min(mostZoom(view), Math.max(1, view.zoom * factor));
  const { scaleX, scaleY } = viewAt(view, zoom, 0, 0);
  return viewAt(view, zoom, row - (y - view.top) / scaleY, column - (x - view.left) / scaleX);
}

/** The view moved by pixels. */
export function panned(view, x, y) {
  return viewAt(view, view.zoom, view.row - y / view.scaleY, view.column - x / view.scaleX);
}

/** The position at a point of the canvas, or null. */
export function positionAt(view, x, y) {
  const row = Math.floor(view.row + (y - view.top) / view.scaleY);
  const column = Math.floor(view.column + (x - view.left) / view.scaleX);
  const inside = x >= view.left && y >= view.top && row < view.rows && column < view.columns;
  return inside && x < view.left + view.width && y < view.top + view.height
    ? { row, column }
    : null;
}

/** Whether a position is seen. */
export function isSeen(view, { row, column }) {
  const right = view.column + view.width / view.scaleX;
  const bottom = view.row + view.height / view.scaleY;
  return row + 1 > view.row && row < bottom && column + 1 > view.column && column < right;
}

/** The middle of what is seen. */
export function middleOf(view) {
  return {
    row: Math.min(view.rows - 1, Math.floor(view.row + view.height / view.scaleY / 2)),
    column: Math.min(view.columns - 1, Math.floor(view.column + view.width / view.scaleX / 2)),
  };
}
