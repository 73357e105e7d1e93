import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { type NodeMessage, node, onnxFile, tensor, value } from '../../support/onnx.js';
import { OnnxRuntime } from '../../support/onnx-runtime.js';
import { refusal } from '../../support/refusal.js';
import { graphOf } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { read } from './support/refuses.js';
import { spelledCell } from './support/spelled-cell.js';
import { parts } from './support/standard-network.js';

const SEED = 20;
const CASES = 24;
const STEPS = 4;

function stack(random: Random) {
  const sizes = [
    random.between(1, 5),
    ...Array.from({ length: random.between(1, 2) }, () => random.between(2, 4)),
  ];
  const layers = sizes.slice(1).map((cells, l) => randomLayer(random, sizes[l] as number, cells));
  let x = 'x';
  const cells = layers.map((layer, l) => {
    const own = spelledCell(layer, `l${l}_`, { x, h: `h${l}`, c: `c${l}` }, random);
    x = `l${l}_h`;
    return own;
  });
  const states = layers.flatMap(({ cells: n }, l) =>
    [`h${l}`, `c${l}`].map((name) => ({ name, n })),
  );
  const graph = graphOf(cells, {
    shape: [1, sizes[0] as number],
    outputs: layers.flatMap((_, l) => [`l${l}_h`, `l${l}_c`]),
    more: states.map(({ name, n }) => value(name, [1, n])),
  });
  return { graph, layers, what: cells.map(({ what }) => what).join('; ') };
}

describe(`LSTM cells in small operators (seed ${SEED}):`, () => {
  const random = new Random(SEED);
  const cases = Array.from({ length: CASES }, () => stack(random));
  it('an axis that no value has, in what cuts the gates, is refused by the node', () => {
    const isSplit = ({ op_type }: NodeMessage) => op_type === 'Split';
    const own = cases.find(({ graph: { node: nodes } }) => nodes.some(isSplit));
    const graph = (own as (typeof cases)[number]).graph;
    const far = graph.node.map((one) =>
      isSplit(one)
        ? { ...one, attribute: node('Split', [], [], { axis: 2 ** 31 }).attribute }
        : one,
    );
    const { message } = refusal(() => read({ ...graph, node: far }));
    expect(message).toMatch(/\(Split\), which cuts another axis/);
  });

  it.each(cases.map((one) => [one.what, one] as const))('%s', async (_, { graph, layers }) => {
    const n = layers[0]?.inputs as number;
    // where x and h are of one length, nothing but the user says which is which
    const same = layers[0]?.cells === n;
    if (same) expect(refusal(() => read(graph)).message).toContain('--map frames=NAME');
    const imported = read(graph, {}, ...(same ? ['frames=x'] : []));
    expect(imported.model.layers.map(({ inputs, cells }) => [inputs, cells])).toEqual(
      layers.map(({ inputs, cells }) => [inputs, cells]),
    );
    expect(imported.leftOut).toEqual([]);
    const network = new FloatNetwork(imported.model);
    const runtime = await OnnxRuntime.load(onnxFile(graph));
    const states = new Map(
      layers.flatMap(({ cells }, l) =>
        [`h${l}`, `c${l}`].map((name) => [name, new Float64Array(cells)]),
      ),
    );
    for (let step = 0; step < STEPS; step++) {
      const x = Float64Array.from({ length: n }, () => Math.fround(2 * random.unit() - 1));
      const feeds = Object.fromEntries(
        [...states, ['x', x] as const].map(([name, data]) => [
          name,
          { dims: [1, data.length], data },
        ]),
      );
      const theirs = await runtime.run(feeds);
      const ours = network.step(x).layers;
      layers.forEach((__, l) => {
        for (const kind of ['h', 'c'] as const) {
          const data = theirs.get(`l${l}_${kind}`)?.data as Float64Array<ArrayBuffer>;
          states.set(`${kind}${l}`, data);
          const own = kind === 'h' ? ours[l]?.h : ours[l]?.state;
          for (const [i, one] of [...(own ?? [])].entries()) {
            expect(Math.abs(one - (data[i] as number))).toBeLessThan(1e-4);
          }
        }
      });
    }
    await runtime.release();
  });
});

describe('a cell in small operators that is no LSTM is refused by its word:', () => {
  const layer = randomLayer(new Random(3), 3, 2);
  const cell = spelledCell(layer, '', { x: 'x', h: 'h0', c: 'c0' }, new Random(4));
  const graph = (nodes: readonly NodeMessage[], more = {}) =>
    graphOf([parts(nodes, { ...cell.tensors, ...more })], {
      shape: [1, 3],
      outputs: ['h'],
      more: [value('h0', [1, 2]), value('c0', [1, 2])],
    });
  const swapped = (of: (one: NodeMessage) => NodeMessage | readonly NodeMessage[]) =>
    graph(cell.nodes.flatMap((one) => of(one)));
  const act = (role: string, op: string) =>
    swapped((one) => (one.output[0] === `${role}_act` ? { ...one, op_type: op } : one));

  it('is taken without a change', () => {
    expect(read(graph(cell.nodes)).model.layers).toHaveLength(1);
  });
  it.each([
    ['hard sigmoid', act('f', 'HardSigmoid')],
    ['ReLU', act('g', 'Relu')],
    ['activations', act('g', 'Sigmoid')],
    ['activations', act('i', 'Tanh')],
    ['output gate', act('o', 'Tanh')],
    [
      'ReLU of c|Relu of c',
      swapped((one) => (one.output[0] === 'tanh' ? { ...one, op_type: 'Relu' } : one)),
    ],
    [
      'norm',
      swapped((one) =>
        one.output[0] === 'i_act'
          ? [
              node('LayerNormalization', [one.input[0] as string, 'h0'], ['n']),
              { ...one, input: ['n'] },
            ]
          : one,
      ),
    ],
    [
      'peephole',
      graph(
        cell.nodes.flatMap((one) =>
          one.output[0] === 'i_act'
            ? [
                node('Mul', ['c0', 'p'], ['pc']),
                node('Add', [one.input[0] as string, 'pc'], ['with']),
                { ...one, input: ['with'] },
              ]
            : [one],
        ),
        { p: tensor([2], [1, 2]) },
      ),
    ],
    ['others read too', { ...graph(cell.nodes), output: [value('h'), value('f_act')] }],
  ] as const)('%s', (word, odd) => {
    const report = refusal(() => read(odd));
    expect(report.code).toBe('LSTM_UNSUPPORTED');
    expect(report.message).toMatch(new RegExp(word));
  });

  it('GRU', () => {
    const gru = [
      node('MatMul', ['x', 'W'], ['a']),
      node('Sigmoid', ['a'], ['z']),
      node('Tanh', ['a'], ['n']),
      node('Sub', ['one', 'z'], ['y']),
      node('Mul', ['y', 'n'], ['new']),
      node('Mul', ['z', 'h0'], ['old']),
      node('Add', ['new', 'old'], ['h']),
    ];
    const tensors = { W: tensor([3, 2], [1, 2, 3, 4, 5, 6]), one: tensor([1], [1]) };
    expect(refusal(() => read(graph(gru, tensors))).message).toContain('GRU');
  });
});
