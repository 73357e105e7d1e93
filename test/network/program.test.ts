import { describe, expect, it } from 'vitest';
import { alignSums } from '../../generator/network/arithmetic.js';
import { CELLS } from '../../generator/network/cells/registry.js';
import type { Model, ModelPass, SparseMatrix } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';
import { refusal } from '../support/refusal.js';
import { stackOf } from '../support/stack.js';

const model = (outputs: number) =>
  randomModel({
    ...{ inputs: 6, hidden: [8, 4], outputs, sharing: 'shared', seed: 1 },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    patterns: [{ kind: 'hcgs', blocks: [2], keep: [{ k: 1, n: 2 }] }],
  });

describe('the program of a network', () => {
  it('has a pass for each layer and for the output layer, each on the vector of the one below', () => {
    const { input, passes, output } = programOf(model(3));
    expect(input).toMatchObject({ id: 0, length: 6 });
    expect(passes.map(({ cell, rows }) => [cell, rows])).toEqual([
      ['lstm', 8],
      ['lstm', 4],
      ['dense', 3],
    ]);
    expect(
      passes.map(({ operands }) => operands.map(({ vectors: [{ id }], age }) => [id, age])),
    ).toEqual([
      [
        [0, 0],
        [1, 1],
      ],
      [
        [1, 0],
        [2, 1],
      ],
      [[2, 0]],
    ]);
    expect(output).toBe(passes[2]?.writes);
    expect(output.length).toBe(3);
  });

  it('lets sums meet at the finest point, and sums leave with it', () => {
    const network = model(3);
    const { passes, output } = programOf(network);
    const [first] = stackOf(network).layers;
    expect(passes[0]?.align).toEqual(
      alignSums(
        {
          x: network.input.fraction + (first?.x.exponent ?? 0),
          h: 12 + (first?.h.exponent ?? 0),
          bias: first?.biasFraction ?? 0,
        },
        network.tables.scheme.inputFraction,
      ),
    );
    const head = stackOf(network).output;
    const align = alignSums(
      {
        x: 12 + (head?.weights.exponent ?? 0),
        h: null,
        bias: head?.biasFraction ?? 0,
      },
      null,
    );
    expect(passes[2]?.align).toEqual(align);
    expect(output.fraction).toBe(align.fraction);
  });

  it('ends with h of the last layer where there is no output layer', () => {
    const { passes, output } = programOf(model(0));
    expect(passes).toHaveLength(2);
    expect(output).toMatchObject({ id: 2, length: 4, fraction: 12, name: 'h of layer 1' });
  });

  it('is worked out once for a model', () => {
    const network = model(3);
    expect(programOf(network)).toBe(programOf(network));
  });
});

describe('passes that do not fit together are refused, by the part', () => {
  const network = model(3);
  /** The model with one pass changed. */
  const withPass = (n: number, change: (pass: ModelPass) => Partial<ModelPass>): Model => ({
    ...network,
    passes: network.passes.map((pass, p) => (p === n ? { ...pass, ...change(pass) } : pass)),
  });
  const withMatrix = (size: Partial<SparseMatrix>) =>
    withPass(1, ({ operands }) => ({
      operands: operands.map((own, o) =>
        o === 0 ? { ...own, matrix: { ...own.matrix, ...size } } : own,
      ),
    }));

  it.each<[string, Model, string, string | number, string | number]>([
    ['no pass', { ...network, passes: [] }, 'passes', 'at least 1', 0],
    [
      'an input without values',
      { ...network, input: { length: 0, fraction: 0 } },
      'vectors.0.length',
      'at least 1',
      0,
    ],
    ['a pass without rows', withPass(0, () => ({ rows: 0 })), 'pass.0.rows', 'at least 1', 0],
    ['a matrix of other rows', withMatrix({ rows: 5 }), 'pass.1.x.rows', 4, 5],
    ['a matrix of other columns', withMatrix({ columns: 5 }), 'pass.1.x.columns', 8, 5],
  ])('%s', (_, changed, field, expected, got) => {
    expect(refusal(() => programOf(changed))).toMatchObject({
      ...{ code: 'MODEL_INVALID', field, expected, got },
    });
  });
});

describe('cells', () => {
  it('have channels of their own gates, under their own name', () => {
    for (const [kind, cell] of Object.entries(CELLS)) {
      expect(cell.kind).toBe(kind);
      for (const { gate } of cell.channels) expect(cell.gates[gate]).toBeDefined();
    }
    expect(CELLS.lstm.channels.map(({ table }) => table)).toEqual([
      'sigmoid',
      'sigmoid',
      'tanh',
      'sigmoid',
    ]);
  });
});
