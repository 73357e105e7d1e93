import { invalid, type Place } from '../lists/validate.js';
import { keptPositions } from './count.js';
import { type Block, blocksIn, type Kernel, type KernelsPattern } from './pattern.js';

/**
 * Checks everything that a pattern promises: sizes, a kernel for each block, its rows and columns in range and ascending, none of
 * either or some of both, places that are an order, and one weight at least. `field` names the pattern in errors.
 * @throws UserError PATTERN_INVALID with the two values that disagree.
 */
export function validateKernels(pattern: KernelsPattern, field: string, file?: string): void {
  const place = { field, file };
  const { rows, columns, height, width, kernels, placeOfRow, placeOfColumn } = pattern;
  const within = (value: number, most: number) =>
    Number.isSafeInteger(value) && value >= 1 && value <= most;
  if (!within(rows, Number.MAX_SAFE_INTEGER)) invalid(place, 'rows', 'at least 1', rows);
  if (!within(columns, Number.MAX_SAFE_INTEGER)) invalid(place, 'columns', 'at least 1', columns);
  if (!within(height, rows)) invalid(place, 'height of a block', `1 to ${rows}`, height);
  if (!within(width, columns)) invalid(place, 'width of a block', `1 to ${columns}`, width);
  const blocks = blocksIn(pattern);
  if (kernels.length !== blocks.length) invalid(place, 'kernels', blocks.length, kernels.length);
  blocks.forEach((block, at) => {
    checkKernel(kernels[at] as Kernel, block, at, place);
  });
  if (placeOfRow !== undefined) checkOrder(placeOfRow, rows, 'row', place);
  if (placeOfColumn !== undefined) checkOrder(placeOfColumn, columns, 'column', place);
  if (keptPositions(pattern) === 0) invalid(place, 'kept positions', 'at least 1', 0);
}

function checkKernel(kernel: Kernel, { height, width }: Block, at: number, place: Place): void {
  checkList(kernel.rows, height, `kept row of block ${at}`, place);
  checkList(kernel.columns, width, `kept column of block ${at}`, place);
  const [m, n] = [kernel.rows.length, kernel.columns.length];
  if ((m === 0) === (n === 0)) return;
  const expected = 'rows and columns, or none of either';
  invalid(place, `kernel of block ${at}`, expected, `${m} rows, ${n} columns`);
}

function checkList(list: Int32Array, length: number, what: string, place: Place): void {
  let before = -1;
  for (const own of list) {
    if (own <= before || own >= length) {
      invalid(place, what, `${before + 1} to ${length - 1}`, own);
    }
    before = own;
  }
}

function checkOrder(order: Int32Array, length: number, what: string, place: Place): void {
  if (order.length !== length) invalid(place, `places of ${what}s`, length, order.length);
  const seen = new Uint8Array(length);
  order.forEach((own, at) => {
    const expected = `0 to ${length - 1}, each once`;
    if (own < 0 || own >= length || seen[own] === 1) {
      invalid(place, `place of ${what} ${at}`, expected, own);
    }
    seen[own] = 1;
  });
}
