import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { node, onnxFile, tensor, value } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { type LoopStyle, loopGraph, randomStyle, unbiased } from './support/loop-graph.js';
import { graphOf, type Parts } from './support/lstm-graph.js';
import { randomLayer } from './support/lstm-reference.js';
import { read } from './support/refuses.js';
import { spelledCell } from './support/spelled-cell.js';
import { parts } from './support/standard-network.js';

const SEED = Number(process.env.HCGS_SEED ?? 30);
const CASES = 60;

function network(random: Random) {
  const style = randomStyle(random);
  const sizes = [random.between(1, 4)];
  for (let l = random.between(1, 2); l > 0; l--) sizes.push(random.between(1, 4));
  const layers = sizes.slice(1).map((cells, l) => {
    const layer = randomLayer(random, sizes[l] as number, cells);
    return style.bias ? layer : unbiased(layer);
  });
  const output = random.unit() < 0.5 ? ('Y' as const) : ('H' as const);
  const graph = loopGraph(layers, style, random, output);
  return {
    style,
    layers,
    graph,
    what: `${sizes.join(' -> ')}, ${output}, ${JSON.stringify(style)}`,
  };
}

function feeds(
  { frames, batch, axis, state }: LoopStyle,
  layers: readonly { cells: number }[],
  n: number,
) {
  const x = axis === 0 ? [frames, batch, n] : [batch, frames, n];
  const names = layers.flatMap(({ cells }, l) =>
    ['h0', 'c0'].map((one) => [`l${l}_${one}`, [batch, cells]] as const),
  );
  return { x, ...(state === 'input' && Object.fromEntries(names)) };
}

describe(`LSTM layers as loops (seed ${SEED}):`, () => {
  const random = new Random(SEED);
  const cases = Array.from({ length: CASES }, () => network(random));
  it.each(cases.map((one) => [one.what, one] as const))('%s', async (_, one) => {
    const { graph, layers, style } = one;
    const imported = read(graph);
    expect(imported.model.layers.map(({ inputs, cells }) => [inputs, cells])).toEqual(
      layers.map(({ inputs, cells }) => [inputs, cells]),
    );
    expect(imported.model.layers.map(({ initial }) => initial !== undefined)).toEqual(
      layers.map(() => style.state === 'constant'),
    );
    expect(imported.leftOut.filter(({ what }) => what === style.op)).toEqual([]);
    const given = feeds(style, layers, layers[0]?.inputs as number);
    const zeros = Object.keys(given).filter((name) => name !== 'x');
    expect(await disagreement(onnxFile(graph), imported, given, { zeros })).toBeNull();
  });
});

const plain: LoopStyle = {
  ...{ op: 'Loop', step: 'small', state: 'zeros', trip: 'constant', counter: false },
  ...{ cond: 'carried', frames: 4, batch: 2, stated: true, axis: 0, bias: true },
} as const;
const layer = randomLayer(new Random(5), 3, 2);

/** The network with another step, or other attributes. */
const changed = (
  style: Partial<LoopStyle>,
  change: (body: Parts) => Parts = (body) => body,
  attributes: Record<string, readonly number[]> = {},
) =>
  loopGraph([layer], { ...plain, ...style }, new Random(6), 'Y', {
    change,
    attributes,
  });
const swap =
  (
    output: RegExp,
    of: (one: Parts['nodes'][number]) => readonly Parts['nodes'][number][],
    more = {},
  ) =>
  ({ nodes, tensors }: Parts): Parts =>
    parts(
      nodes.flatMap((one) => (output.test(one.output[0] as string) ? of(one) : [one])),
      { ...tensors, ...more },
    );
const act = (role: string, op: string) =>
  swap(new RegExp(`${role}_act$`), (one) => [{ ...one, op_type: op }]);
const lstmWith = (more: Parameters<typeof node>[3]) =>
  swap(/Y_0$/, (one) => [
    { ...one, attribute: [...one.attribute, ...node('x', [], ['x'], more).attribute] },
  ]);

describe.each(['Loop', 'Scan'] as const)('a %s that is no LSTM is refused by its word:', (op) => {
  it('is taken without a change', () => {
    expect(read(changed({ op })).model.layers).toHaveLength(1);
    expect(read(changed({ op, step: 'node' })).model.layers).toHaveLength(1);
  });
  it.each([
    ['hard sigmoid', changed({ op }, act('f', 'HardSigmoid'))],
    ['other activations', changed({ op }, act('g', 'Sigmoid'))],
    ['bidirectional|reverse', changed({ op, step: 'node' }, lstmWith({ direction: 'reverse' }))],
    ['clip', changed({ op, step: 'node' }, lstmWith({ clip: { float: -3 } }))],
    [
      'peephole',
      changed(
        { op },
        swap(
          /i_act$/,
          (one) => [
            node('Mul', ['l0_c', 'p'], ['pc']),
            node('Add', [one.input[0] as string, 'pc'], ['with']),
            { ...one, input: ['with'] },
          ],
          { p: tensor([2], [1, 2]) },
        ),
      ),
    ],
    [
      'Neg',
      changed(
        { op },
        swap(/ho$/, (one) => [{ ...one, op_type: 'Neg' }]),
      ),
    ],
    [
      'carried',
      changed(
        { op },
        swap(/co$/, (one) => [{ ...one, input: ['l0_s_h'] }]),
      ),
    ],
    [
      'carried',
      changed(
        { op, step: 'node' },
        swap(/h1$/, (one) => [{ ...one, input: ['l0_c', 'l0_axis'] }]),
      ),
    ],
  ] as const)('%s', (word, graph) => {
    const report = refusal(() => read(graph));
    expect(report.code).toBe('LSTM_UNSUPPORTED');
    expect(report.message).toMatch(new RegExp(word));
    expect(report.message).toMatch(new RegExp(`inside th(e|is) ${op}`));
  });
});

describe('a loop over other steps than all frames is refused:', () => {
  it.each(['scan_input_directions', 'scan_output_directions'])('%s', (name) => {
    const report = refusal(() => read(changed({ op: 'Scan' }, (body) => body, { [name]: [1] })));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', field: 'l0_scan' });
    expect(report.message).toContain(`reverse (${name})`);
  });

  const loop = (of: (one: Parts['nodes'][number]) => Parts['nodes'][number], style = {}) => {
    const graph = changed(style);
    return { ...graph, node: graph.node.map((one) => (one.op_type === 'Loop' ? of(one) : one)) };
  };
  it('a shorter trip count', () => {
    const graph = changed({ frames: 3 });
    const [x] = changed({ frames: 4 }).input;
    const report = refusal(() => read({ ...graph, input: [x as Record<string, unknown>] }));
    expect(report.message).toContain('3 steps over 4 frames');
  });
  it('the length of another axis', () => {
    const graph = changed({ trip: 'shape', stated: false });
    const initializer = graph.initializer?.map((one) =>
      one.name === 'l0_first' ? { ...tensor([], [1], 'int64'), name: 'l0_first' } : one,
    );
    const report = refusal(() => read({ ...graph, initializer: initializer ?? [] }));
    expect(report.message).toContain('not known to be that length');
  });
  it('a constant trip count where the length is unknown', () => {
    const report = refusal(() => read(changed({ stated: false })));
    expect(report.message).toContain('an unknown number of frames');
  });
  it('a condition that is false', () => {
    const graph = changed({});
    const initializer = graph.initializer?.map((one) =>
      one.name === 'l0_true' ? { ...tensor([], [0], 'bool'), name: 'l0_true' } : one,
    );
    const report = refusal(() => read({ ...graph, initializer: initializer ?? [] }));
    expect(report.message).toContain('a condition that ends it');
  });
  it('no trip count', () => {
    const report = refusal(() =>
      read(loop((one) => ({ ...one, input: ['', ...one.input.slice(1)] }))),
    );
    expect(report.message).toContain('no trip count');
  });
  it('frames from the last to the first', () => {
    const graph = loop((one) => {
      const [attribute] = one.attribute;
      const g = attribute?.g as { node: Parts['nodes'] };
      const nodes = g.node.flatMap((inner) =>
        inner.op_type === 'Gather'
          ? [node('Sub', ['l0_last', 'l0_i'], ['back']), { ...inner, input: ['x', 'back'] }]
          : [inner],
      );
      return { ...one, attribute: [{ ...attribute, g: { ...g, node: nodes } }] };
    });
    const last = { ...tensor([], [3], 'int64'), name: 'l0_last' };
    const report = refusal(() =>
      read({ ...graph, initializer: [...(graph.initializer ?? []), last] }),
    );
    expect(report.message).toContain('reverse, or another order of frames');
  });
});

describe('a step of two layers', () => {
  const two = [randomLayer(new Random(7), 3, 2), randomLayer(new Random(8), 2, 4)] as const;
  const cell = (l: 0 | 1, x: string, h = `h${l}`, c = `c${l}`) =>
    spelledCell(two[l], `s${l}_`, { x, h, c }, new Random(9 + l));
  const scan = (cells: readonly Parts[], before = ['h0', 'c0', 'h1', 'c1']) => {
    const after = ['s0_h', 's0_c', 's1_h', 's1_c'];
    const body = {
      name: 'body',
      node: [...cells.flatMap(({ nodes }) => nodes), node('Identity', ['s1_h'], ['each'])],
      input: [...before, 'xt'].map((name) => value(name)),
      output: [...after, 'each'].map((name) => value(name)),
    };
    const zeros = ['z0', 'z0', 'z1', 'z1'];
    const outputs = ['H0', 'C0', 'H', 'C', 'y'];
    const attributes = { body: { graph: body }, num_scan_inputs: 1 };
    const own = node('Scan', [...zeros, 'x'], outputs, attributes, 'scan');
    const [z0, z1] = [tensor([2, 2], new Array(4).fill(0)), tensor([2, 4], new Array(8).fill(0))];
    const tensors = Object.assign({ z0, z1 }, ...cells.map((one) => one.tensors));
    return graphOf([parts([own], tensors)], { inputs: 3, outputs: ['y', 'H'] });
  };

  it('is two layers', async () => {
    const graph = scan([cell(0, 'xt'), cell(1, 's0_h')]);
    const imported = read(graph);
    expect(imported.model.layers.map(({ cells }) => cells)).toEqual([2, 4]);
    expect(imported.taken).toContain('scan');
    expect(await disagreement(onnxFile(graph), imported, { x: [5, 2, 3] })).toBeNull();
  });
  it('is refused where the second one reads h of the step before', () => {
    const report = refusal(() => read(scan([cell(0, 'xt'), cell(1, 'h0')])));
    expect(report.code).toBe('LSTM_UNSUPPORTED');
    expect(report.message).toContain('Scan');
  });
});

// torch 1.13, torch.onnx.export of scripted modules with `for t in range(x.size(0))`, opset 13, dynamic axes of x:
// an LSTMCell and a Linear on the last h; chunk(4, 1) of two Linear on the transposed x, and stack of a list of h
describe('what torch.jit.script exports', () => {
  it.each(['torch-loop-cell', 'torch-loop-list'])('%s', async (name) => {
    const bytes = readFileSync(new URL(`files/${name}.onnx`, import.meta.url));
    const imported = importNetwork(bytes, `${name}.onnx`);
    expect(await disagreement(bytes, imported, { x: [5, 2, 3] })).toBeNull();
  });
});
