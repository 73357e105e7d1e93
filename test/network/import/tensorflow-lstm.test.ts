import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { decodeGraph } from '../../../generator/network/import/tensorflow/graph-def/messages.js';
import { refusal } from '../../support/refusal.js';
import { constant, graphDef, tfNode } from '../../support/tensorflow.js';
import { randomFrames } from './support/cell-reference.js';
import {
  expectVariant,
  runVariant,
  type Variant,
  type VariantGate,
} from './support/lstm-variants.js';
import {
  bias,
  CELLS,
  enter,
  INPUTS,
  kernel,
  loop,
  type Nodes,
  numbers,
  OUTPUTS,
  variable,
  whole,
} from './support/tensorflow-network.js';

/** Values of a projection. */
const VALUES = 3;
const wide = numbers((INPUTS + VALUES) * 4 * CELLS);
const weights = { i: numbers(CELLS), f: numbers(CELLS), o: numbers(CELLS) };
const projected = numbers(CELLS * VALUES);

/** Gates in the order of the columns of the kernel. */
const COLUMNS = ['i', 'g', 'f', 'o'] as const;

/** The LSTM whose kernel [inputs + width, 4 cells] that is; 1 is added to the forget gate. */
function variantOf(
  columns: readonly number[],
  width: number,
  more: Pick<Variant, 'projection'> & { readonly peepholes?: Partial<typeof weights> } = {},
): Variant {
  const gate = (name: (typeof COLUMNS)[number]): VariantGate => {
    const from = COLUMNS.indexOf(name) * CELLS;
    const rows = (first: number, count: number) =>
      Array.from({ length: CELLS }, (_, cell) =>
        Array.from(
          { length: count },
          (__, row) => columns[(first + row) * 4 * CELLS + from + cell] as number,
        ),
      );
    const own = bias.slice(from, from + CELLS);
    return {
      W: rows(0, INPUTS),
      R: rows(INPUTS, width),
      b: name === 'f' ? own.map((one) => one + 1) : own,
      p: name === 'g' ? undefined : more.peepholes?.[name],
    };
  };
  return {
    gates: { i: gate('i'), f: gate('f'), g: gate('g'), o: gate('o') },
    projection: more.projection,
  };
}

const weigh = (gate: keyof typeof weights, state: string) => [
  constant(`w_${gate}`, [CELLS], weights[gate]),
  enter(`E_${gate}`, `w_${gate}`, true),
  tfNode('Mul', `weighed_${gate}`, [`E_${gate}`, state]),
];

/** LSTMCell with `use_peepholes`: i and f weigh the state of the step before, o the new one. */
const peepholes: Nodes = [
  ...weigh('f', 'v1'),
  tfNode('AddV2', 'f_seen', ['f', 'weighed_f']),
  tfNode('Sigmoid', 'sf', ['f_seen']),
  ...weigh('i', 'v1'),
  tfNode('AddV2', 'i_seen', ['weighed_i', 'split']),
  tfNode('Sigmoid', 'si', ['i_seen']),
  ...weigh('o', 'c'),
  tfNode('AddV2', 'o_seen', ['split:3', 'weighed_o']),
  tfNode('Sigmoid', 'so', ['o_seen']),
];

/** LSTMCell with `num_proj`; what is multiplied keeps the name h. */
const projection: Nodes = [
  constant('kernel', [INPUTS + VALUES, 4 * CELLS], wide),
  constant('P', [CELLS, VALUES], projected),
  enter('PE', 'P', true),
  tfNode('MatMul', 'projected', ['h', 'PE']),
  ...variable(2, 'zeros_h', 'projected'),
  whole('dims_h', 1, VALUES),
  tfNode('Fill', 'zeros_h', ['dims_h', 'nil']),
  constant('W_o', [VALUES, OUTPUTS], numbers(VALUES * OUTPUTS)),
];
const clipped: Nodes = [
  ...projection,
  constant('high', [], [0.25]),
  constant('low', [], [-0.25]),
  tfNode('Minimum', 'below', ['projected', 'high']),
  tfNode('Maximum', 'within', ['below', 'low']),
  tfNode('NextIteration', 'Next2', ['within']),
];
const biased: Nodes = [
  ...projection,
  constant('b_p', [VALUES], [0.5, -0.25, 0.125]),
  tfNode('BiasAdd', 'moved', ['projected', 'b_p']),
  tfNode('NextIteration', 'Next2', ['moved']),
];
const P = Array.from({ length: VALUES }, (_, k) =>
  Array.from({ length: CELLS }, (__, cell) => projected[cell * VALUES + k] as number),
);
/** Later nodes stand in for earlier ones of the same name. */
const last = (nodes: Nodes): Nodes => [...new Map(nodes.map((node) => [node.name, node])).values()];
const read = (own: Nodes, ...map: string[]) =>
  importNetwork(graphDef(...loop(last(own))), 'net.pb', { map });

describe('an LSTM in a loop of TensorFlow', () => {
  it.each<readonly [string, Nodes, Variant]>([
    ['peepholes', peepholes, variantOf(kernel, CELLS, { peepholes: weights })],
    [
      'a peephole of one gate',
      [...weigh('o', 'c'), ...peepholes.filter(({ name }) => /^(o_seen|so)$/.test(name))],
      variantOf(kernel, CELLS, { peepholes: { o: weights.o } }),
    ],
    ['a projection', projection, variantOf(wide, VALUES, { projection: { W: P } })],
    [
      'a projection and peepholes',
      [...peepholes, ...projection],
      variantOf(wide, VALUES, { projection: { W: P }, peepholes: weights }),
    ],
    [
      'a projection that is clipped',
      clipped,
      variantOf(wide, VALUES, { projection: { W: P, clip: 0.25 } }),
    ],
    [
      'a projection with biases',
      biased,
      variantOf(wide, VALUES, { projection: { W: P, b: [0.5, -0.25, 0.125] } }),
    ],
  ])('with %s is as the page of LSTMCell has it', (_, own, variant) => {
    expectVariant(read(own, 'fc=none'), variant);
    const { model, leftOut, outputs } = read(own);
    expect(model.output?.inputs).toBe(variant.projection ? VALUES : CELLS);
    expect(outputs).toMatchObject([{ name: 'labels', lastFrame: true }]);
    const names = leftOut.map(({ name }) => name);
    expect(names).not.toContain('w_o');
    expect(names).not.toContain('P');
    expect(model.layers[0]?.loop).toBe(variant.projection ? 1 : undefined);
  });

  it.each<readonly [string, Nodes, RegExp]>([
    [
      'o weighs the old state',
      [...peepholes, tfNode('Mul', 'weighed_o', ['E_o', 'v1'])],
      /peephole/,
    ],
    ['f weighs h', [...peepholes, tfNode('Mul', 'weighed_f', ['E_f', 'v2'])], /LSTM/],
    [
      'g weighs the state',
      [
        ...peepholes,
        tfNode('Mul', 'weighed_g', ['E_i', 'v1']),
        tfNode('AddV2', 'g_seen', ['split:1', 'weighed_g']),
        tfNode('Tanh', 'tg', ['g_seen']),
      ],
      /peephole/,
    ],
    ['a weight for all cells', [...peepholes, constant('w_f', [1], [0.5])], /peephole/],
    ['a projection of c', [...projection, tfNode('MatMul', 'projected', ['c', 'PE'])], /LSTM/],
    [
      'a projection behind a function',
      [
        ...projection,
        tfNode('Tanh', 'bent', ['projected']),
        tfNode('NextIteration', 'Next2', ['bent']),
      ],
      /projection/,
    ],
    ['limits in the wrong order', [...clipped, constant('high', [], [-0.5])], /projection/],
  ])('is refused where %s', (_, own, says) => {
    const report = refusal(() => read(own));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.pb' });
    expect(report.got).toMatch(says);
  });

  it('is refused where what is projected is a state too', () => {
    const cells = [
      ...projection,
      ...variable(3, 'zeros', 'h'),
      constant('W_o', [CELLS, OUTPUTS], numbers(CELLS * OUTPUTS)),
      tfNode('MatMul', 'out', ['Exit3', 'W_o']),
    ];
    expect(refusal(() => read(cells)).code).toBe('LSTM_UNSUPPORTED');
  });
});

const zoo = resolve(packageRoot, '../shared/data/zoo/LSTM_S.pb');
describe.skipIf(!existsSync(zoo))('LSTM_S.pb of ARM', () => {
  it('computes what the page of LSTMCell says', () => {
    const bytes = readFileSync(zoo);
    const { model, notes } = importNetwork(bytes, 'LSTM_S.pb');
    expect(model.layers).toMatchObject([
      { cell: 'lstm-peephole', inputs: 10, cells: 144, loop: 1 },
      { cell: 'dense-linear', inputs: 144, cells: 98 },
    ]);
    expect(notes.join('\n')).toContain('144 cells are projected to 98 values');
    const { node: nodes } = decodeGraph(bytes, 'LSTM_S.pb');
    const tensor = (name: string): number[] => {
      const found = nodes.find((one) => one.name === name)?.attr.value?.tensor?.tensor_content;
      return [...new Float32Array(Uint8Array.from(found ?? []).buffer)];
    };
    const scope = 'lstm/rnn/lstm_cell';
    const [K, b] = [tensor(`${scope}/kernel`), tensor(`${scope}/bias`)];
    const [C, H] = [144, 98];
    const gate = (place: number, more: number, diagonal?: string): VariantGate => {
      const rows = (first: number, count: number) =>
        Array.from({ length: C }, (_, cell) =>
          Array.from(
            { length: count },
            (__, row) => K[(first + row) * 4 * C + place * C + cell] as number,
          ),
        );
      const own = b.slice(place * C, (place + 1) * C).map((one) => one + more);
      const p = diagonal && tensor(`${scope}/${diagonal}`);
      return { W: rows(0, 10), R: rows(10, H), b: own, p: p || undefined };
    };
    const W = tensor(`${scope}/projection/kernel`);
    const variant: Variant = {
      gates: {
        i: gate(0, 0, 'w_i_diag'),
        g: gate(1, 0),
        f: gate(2, 1, 'w_f_diag'),
        o: gate(3, 0, 'w_o_diag'),
      },
      projection: {
        W: Array.from({ length: H }, (_, k) =>
          Array.from({ length: C }, (__, cell) => W[cell * H + k] as number),
        ),
      },
    };
    const [head, d] = [tensor('W_o'), tensor('b_o')];
    const frames = randomFrames(10, 12);
    const network = new FloatNetwork(model);
    runVariant(variant, frames).forEach((h, t) => {
      const own = network.step(Float64Array.from(frames[t] as number[])).outputs;
      const far = d.map((one, k) => {
        const sum = h.reduce((all, value, i) => all + value * (head[i * 12 + k] as number), one);
        return Math.abs(sum - (own[k] as number));
      });
      expect(Math.max(...far)).toBeLessThan(1e-9);
    });
  });
});
