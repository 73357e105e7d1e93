import type { Random } from '../../../../generator/base/random.js';
import { type GraphMessage, ints, node, tensor, value } from '../../../support/onnx.js';
import { graphOf, lstm, type Parts } from './lstm-graph.js';
import type { GateLayer } from './lstm-reference.js';
import { spelledCell } from './spelled-cell.js';
import { parts } from './standard-network.js';

export type State = 'zeros' | 'constant' | 'input' | 'computed';

/** How a loop is written. */
export interface LoopStyle {
  readonly op: 'Scan' | 'Loop';
  /** The step: small operators, or an LSTM node on one frame. */
  readonly step: 'small' | 'node';
  readonly state: State;
  /** The trip count of a Loop, the condition and the counter. */
  readonly trip: 'constant' | 'shape';
  readonly counter: boolean;
  readonly cond: 'carried' | 'constant';
  readonly frames: number;
  readonly batch: number;
  /** Whether the file states the lengths of frames and batch. */
  readonly stated: boolean;
  /** The axis of the scanned input and output (Scan). */
  readonly axis: 0 | 1;
  readonly bias: boolean;
}

const oneOf = <T>(random: Random, ...of: readonly T[]) => of[random.below(of.length)] as T;

export function randomStyle(random: Random): LoopStyle {
  const trip = oneOf(random, 'constant' as const, 'shape' as const);
  return {
    op: oneOf(random, 'Scan', 'Loop'),
    step: oneOf(random, 'small', 'node'),
    state: oneOf(random, 'zeros', 'constant', 'input', 'computed'),
    trip,
    counter: oneOf(random, true, false),
    cond: oneOf(random, 'carried', 'constant'),
    frames: random.between(2, 6),
    batch: random.between(1, 3),
    stated: trip === 'constant' || oneOf(random, true, false),
    axis: oneOf(random, 0, 1),
    bias: oneOf(random, true, false),
  };
}

/** The same layer without biases. */
export function unbiased(layer: GateLayer): GateLayer {
  const zeros = new Array<number>(layer.cells).fill(0);
  const of = (role: 'i' | 'f' | 'g' | 'o') => ({ ...layer.gates[role], Wb: zeros, Rb: zeros });
  return { ...layer, gates: { i: of('i'), f: of('f'), g: of('g'), o: of('o') } };
}

/** One step on `x`, `h`, `c` of the body, up to `ho` and `co`. */
function stepOf(layer: GateLayer, style: LoopStyle, p: string, random: Random): Parts {
  const names = { x: `${p}x`, h: `${p}h`, c: `${p}c` };
  if (style.step === 'small') {
    const cell = spelledCell(layer, `${p}s_`, names, random);
    const ends = ['h', 'c'].map((state) => node('Identity', [`${p}s_${state}`], [`${p}${state}o`]));
    return parts([...cell.nodes, ...ends], cell.tensors);
  }
  const axis = `${p}axis`;
  const wide = ['x', 'h', 'c'].map((one) =>
    node('Unsqueeze', [`${p}${one}`, axis], [`${p}${one}1`]),
  );
  const own = lstm(layer, 0, `${p}x1`, {
    inputs: ['', `${p}h1`, `${p}c1`],
    bias: style.bias,
  });
  const rename = (name: string) => (/^[WRBYHC]_0$/.test(name) ? `${p}${name}` : name);
  const nodes = own.nodes.map((one) => ({
    ...one,
    input: one.input.map(rename),
    output: one.output.map(rename),
  }));
  const tensors = Object.entries(own.tensors).map(([name, one]) => [rename(name), one] as const);
  const ends = [
    node('Squeeze', [`${p}H_0`, axis], [`${p}ho`]),
    node('Squeeze', [`${p}C_0`, axis], [`${p}co`]),
  ];
  return parts([...wide, ...nodes, ...ends], { ...Object.fromEntries(tensors), [axis]: ints(0) });
}

/** A layer as a loop over `x` (`style.axis` is that of time) with outputs `PY`, `PH`, `PC`. */
export function loopParts(
  layer: GateLayer,
  style: LoopStyle,
  p: string,
  x: string,
  random: Random,
  { change = (body: Parts): Parts => body, attributes = {} } = {},
): Parts & { readonly inputs: readonly Record<string, unknown>[] } {
  const { op, state, batch, frames, axis } = style;
  const { cells } = layer;
  const n = (one: string) => `${p}${one}`;
  const step = change(stepOf(layer, style, p, random));
  // constants stand in the body or around it
  const inside = random.unit() < 0.5;
  const initializer = inside
    ? Object.entries(step.tensors).map(([name, one]) => ({ ...one, name }))
    : [];
  const before: Parts['nodes'][number][] = [];
  const tensors: Record<string, ReturnType<typeof tensor>> = inside ? {} : { ...step.tensors };
  const inputs: Record<string, unknown>[] = [];
  for (const kind of ['h', 'c']) {
    const name = n(`${kind}0`);
    const one = Array.from({ length: cells }, () => (random.below(33) - 16) / 16);
    if (state === 'zeros') tensors[name] = tensor([batch, cells], new Array(batch * cells).fill(0));
    else if (state === 'constant')
      tensors[name] = tensor([batch, cells], Array.from({ length: batch }, () => one).flat());
    else if (state === 'input') inputs.push(value(name, [batch, cells]));
    else {
      tensors[n('cells')] = ints(cells);
      tensors[n('at')] = ints(1 - axis);
      before.push(
        node('Shape', [x], [`${name}_s`]),
        node('Gather', [`${name}_s`, n('at')], [`${name}_n`]),
        node('Concat', [`${name}_n`, n('cells')], [`${name}_l`], { axis: 0 }),
        node('ConstantOfShape', [`${name}_l`], [name]),
      );
    }
  }
  const [X, H, C] = [value(n('x')), value(n('h')), value(n('c'))];
  const outs = [value(n('ho')), value(n('co'))];
  const scanned = node('Identity', [n('ho')], [n('yo')]);
  const outputs = [n('H'), n('C'), n('Y')];
  if (op === 'Scan') {
    const body = {
      name: 'body',
      node: [...step.nodes, scanned],
      initializer,
      input: [H, C, X],
      output: [...outs, value(n('yo'))],
    };
    const axes = axis === 0 ? {} : { scan_input_axes: [1], scan_output_axes: [axis] };
    const own = { body: { graph: body }, num_scan_inputs: 1, ...axes, ...attributes };
    const scan = node('Scan', [n('h0'), n('c0'), x], outputs, own, n('scan'));
    return { nodes: [...before, scan], tensors, inputs };
  }
  const { counter } = style;
  tensors[n('true')] = tensor([], [1], 'bool');
  tensors[n('one')] = tensor([], [1], 'int64');
  tensors[n('zero')] = tensor([], [0], 'int64');
  tensors[n('trip')] = tensor([], [frames], 'int64');
  tensors[n('first')] = tensor([], [axis], 'int64');
  if (style.trip === 'shape')
    before.push(
      node('Shape', [x], [n('shape')]),
      node('Gather', [n('shape'), n('first')], [n('length')]),
    );
  const index = counter ? n('k') : n('i');
  const body = {
    name: 'body',
    node: [
      node('Gather', [x, index], [n('x')], { axis }),
      ...step.nodes,
      node('Identity', [style.cond === 'carried' ? n('go') : n('true')], [n('goes')]),
      ...(counter ? [node('Add', [n('k'), n('one')], [n('ko')])] : []),
      scanned,
    ],
    initializer,
    input: [
      value(n('i'), [], 'int64'),
      value(n('go'), [], 'bool'),
      H,
      C,
      ...(counter ? [value(n('k'), [], 'int64')] : []),
    ],
    output: [
      value(n('goes'), [], 'bool'),
      ...outs,
      ...(counter ? [value(n('ko'), [], 'int64')] : []),
      value(n('yo')),
    ],
  };
  const trip = style.trip === 'shape' ? n('length') : n('trip');
  const ins = [trip, n('true'), n('h0'), n('c0'), ...(counter ? [n('zero')] : [])];
  const all = [n('H'), n('C'), ...(counter ? [n('K')] : []), n('Y')];
  const loop = node('Loop', ins, all, { body: { graph: body } }, n('loop'));
  return { nodes: [...before, loop], tensors, inputs };
}

/** A network of loops on x, each on the one below; `output` of the last one is that of the graph. */
export function loopGraph(
  layers: readonly GateLayer[],
  style: LoopStyle,
  random: Random,
  output: 'Y' | 'H',
  more: Parameters<typeof loopParts>[5] = {},
): GraphMessage {
  let x = 'x';
  const all: Parts[] = [];
  const states: Record<string, unknown>[] = [];
  layers.forEach((layer, l) => {
    const { inputs, ...own } = loopParts(layer, style, `l${l}_`, x, random, more);
    all.push(own);
    states.push(...inputs);
    x = `l${l}_Y`;
    // a Loop puts its steps on the first axis
    if (style.op === 'Loop' && style.axis === 1 && l < layers.length - 1) {
      all.push(parts([node('Transpose', [x], [`${x}T`], { perm: [1, 0, 2] })]));
      x += 'T';
    }
  });
  const [frames, batch] = style.stated ? [style.frames, style.batch] : ['frames', 'batch'];
  const n = layers[0]?.inputs as number;
  return graphOf(all, {
    shape: style.axis === 0 ? [frames, batch, n] : [batch, frames, n],
    outputs: [`l${layers.length - 1}_${output}`],
    more: states,
  });
}
