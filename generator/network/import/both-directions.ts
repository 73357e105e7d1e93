import type { FloatLayer, FloatMatrix } from '../float/model.js';
import type { Reals } from '../float/reals.js';

/** What reads both directions of a layer: them side by side, the forward one first, their sum, or half of it. */
export type Merge = 'concat' | 'sum' | 'ave';

/** Values that something reads: layers by number with their widths, the first one's values first. */
export interface Below {
  readonly sources: readonly { readonly number: number; readonly width: number }[];
  readonly merge: Merge;
}

/** How many values these are for who reads them. */
export function widthOf({ sources, merge }: Below): number {
  const widths = sources.map(({ width }) => width);
  return merge === 'concat' ? widths.reduce((sum, width) => sum + width, 0) : (widths[0] as number);
}

/** What layer `number` gives alone. */
export const alone = (number: number, width: number): Below => ({
  sources: [{ number, width }],
  merge: 'concat',
});

/** A matrix [row][column] with a part of columns for each of `parts` values that are added, or of which the mean is read. */
export function onParts(values: Reals, columns: number, parts: number, scale: number) {
  const wide = new Float64Array(parts * values.length);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / columns);
    const column = i % columns;
    for (let part = 0; part < parts; part++) {
      wide[(row * parts + part) * columns + column] = scale * (values[i] as number);
    }
  }
  return wide;
}

/** What a layer with this matrix [gate][row][column] reads of the layers, as fields of the layer. It is layer `own`. */
export function readingOf(
  below: Below,
  x: FloatMatrix,
  own: number,
): Required<Pick<FloatLayer, 'x' | 'inputs'>> & Pick<FloatLayer, 'from'> {
  const { sources, merge } = below;
  const numbers = sources.map(({ number }) => number);
  const before = numbers.length === 1 && numbers[0] === own - 1;
  const from = before ? {} : { from: numbers };
  const width = widthOf(below);
  if (merge === 'concat') return { ...from, x, inputs: width };
  const parts = sources.length;
  const values = onParts(x.values, width, parts, merge === 'ave' ? 1 / parts : 1);
  return { ...from, x: { ...x, values }, inputs: parts * width };
}

/** Sides of the blocks that the copies of values are kept in: hardware multiplies whole tiles. */
const BLOCKS = [16, 8, 4, 2];

/**
 * A linear layer with the identity matrix, which is layer `own`: the outputs of a network are values of one layer that runs
 * forward. Rows: the values that are read. Of the blocks of up to 16 x 16 that divide the layers those with a one are kept; where
 * none divides them all is kept.
 */
export function copyLayer(below: Below, own: number): FloatLayer {
  const rows = widthOf(below);
  const values = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++) values[row * rows + row] = 1;
  const identity: FloatMatrix = { name: 'copy of h', values };
  const { x, ...reading } = readingOf(below, identity, own);
  const { inputs } = reading;
  const block = BLOCKS.find((size) => below.sources.every(({ width }) => width % size === 0));
  const ofBlock = (n: number) => (block === undefined ? 0 : Math.floor((n % rows) / block));
  const kept = Uint8Array.from(x.values, (_, i) =>
    ofBlock(Math.floor(i / inputs)) === ofBlock(i % inputs) ? 1 : 0,
  );
  return {
    cell: 'dense-linear',
    ...reading,
    cells: rows,
    x: { ...x, kept },
    h: null,
    bias: { name: 'bias of the copy of h', values: new Float64Array(rows) },
  };
}

/** What the user is told of such a layer. */
export function copyNote({ cells, x }: FloatLayer): string {
  const kept = (x.kept as Uint8Array).reduce((sum, one) => sum + one, 0);
  return `the outputs are copied by a linear layer with the identity matrix, which keeps ${kept} weights for ${cells} values: a fully connected layer of the network's own would take its place`;
}
