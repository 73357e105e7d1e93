import { cellOf } from '../../network/cells/registry.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { patternKind } from '../../sparsity/kind-of.js';
import { Counter, type Histogram } from './bins.js';

/** The kept weights of every matrix and the biases of every pass against their formats. */
export function weightHistograms(model: Model): readonly Histogram[] {
  const { words } = model;
  const { passes } = programOf(model);
  const range = (bits: number) => ({ low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 });
  return passes.flatMap(({ index, cell, operands, bias, biasFraction }) => {
    const of = cellOf(cell).leaves === 'sums' ? 'the output layer' : `layer ${index}`;
    const matrices = operands.map(({ matrix }, n) => {
      const name = `${n === 0 ? 'W_x' : 'W_h'} of ${of}`;
      const counter = new Counter({ name, fraction: matrix.exponent, ...range(words.weight) });
      const { rows, columns, codes, patterns } = matrix;
      const gates = codes.length / (rows * columns);
      for (let gate = 0; gate < gates; gate++) {
        const pattern = patterns[patterns.length === 1 ? 0 : gate] as (typeof patterns)[number];
        const kind = patternKind(pattern);
        for (let row = 0; row < rows; row++) {
          const start = (gate * rows + row) * columns;
          for (const [first, width] of kind.runsOfRow(pattern, row)) {
            const end = Math.min(first + width, columns);
            for (let column = first; column < end; column++) {
              counter.addOne(codes[start + column] as number);
            }
          }
        }
      }
      return counter.histogram();
    });
    const own = new Counter({
      name: `bias of ${of}`,
      ...{ fraction: biasFraction, ...range(words.bias) },
    });
    own.add(bias);
    return [...matrices, own.histogram()];
  });
}
