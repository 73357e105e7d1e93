import type { Random } from '../../../../generator/base/random.js';
import { node, tensor } from '../../../support/onnx.js';
import { cellNode } from './cell-graph.js';
import { OTHER_CELLS, randomCell } from './cell-reference.js';
import { lstm } from './lstm-graph.js';
import { randomLayer } from './lstm-reference.js';
import { RandomGraph } from './random-graph.js';
import {
  activation,
  type Body,
  batchNorm,
  dense,
  denseInPlace,
  layerNorm,
  REFUSED,
  TAKEN,
} from './random-heads.js';
import { parts } from './standard-network.js';

/** A network around recurrent layers, and whether the importer has to take it. */
export interface RandomNetwork {
  readonly bytes: Uint8Array;
  readonly feeds: Readonly<Record<string, readonly number[]>>;
  /** Inputs that are initial states, which are zero. */
  readonly zeros: readonly string[];
  readonly expected: 'taken' | 'refused';
  /** What it is made of, for messages. */
  readonly what: readonly string[];
  readonly lastY: string;
}

const OPSETS = [9, 10, 11, 12, 13, 14, 17, 18, 20, 21];
const CELLS = ['lstm', 'lstm', 'lstm', ...OTHER_CELLS] as const;
const REFUSED_BETWEEN = [
  'Relu',
  'layer norm',
  'residual',
  'dense and LeakyRelu',
  'beside the frames',
];

export function randomNetwork(random: Random): RandomNetwork {
  const g = new RandomGraph(random, OPSETS[random.below(OPSETS.length)] as number);
  const what = [`opset ${g.opset}`];
  const zeros: string[] = [];
  let expected: RandomNetwork['expected'] = 'taken';
  const [time, inputs] = [random.between(2, 6), random.between(2, 4)];
  const layout = g.one(['frames first', 'batch first', 'no batch']);
  const batch = layout === 'no batch' ? 1 : random.between(1, 2);
  const frames = front(g, { time, batch, inputs }, layout, what);

  const count = g.one([1, 1, 2, 2, 3]);
  const width = random.between(2, 5);
  const equal = g.chance(0.6);
  const cells = Array.from({ length: count }, () => (equal ? width : random.between(2, 5)));
  const refused = g.chance(0.4);
  const layers: string[] = [];
  let below = frames;
  cells.forEach((own, l) => {
    const read = l === 0 ? inputs : (cells[l - 1] as number);
    if (l > 0) {
      const between = g.chance(0.12)
        ? g.one(REFUSED_BETWEEN)
        : g.one(['', '', 'Dropout', 'batch norm', 'scale', 'dense', 'dense and a function']);
      if (between !== '') what.push(`${between} between`);
      // what a dense layer makes of the frames may stand beside a layer
      const made =
        between === 'beside the frames' && what.some((one) => /dense.* before$/.test(one));
      if (REFUSED_BETWEEN.includes(between) && !made) expected = 'refused';
      below = changed(g, between, below, frames, read, inputs);
    }
    // heads that are refused may read c of the last layer
    const cell = refused && l === count - 1 ? 'lstm' : g.one(CELLS);
    const columns = widthOf(l, read, inputs, what);
    if (cell !== 'lstm') what.push(cell);
    const states = initialState(
      g,
      l,
      own,
      batch,
      what,
      zeros,
      cell === 'lstm' ? ['h', 'c'] : ['h'],
    );
    const how = { inputs: states, bias: g.chance(0.8) };
    if (cell === 'lstm') g.add(lstm(randomLayer(random, columns, own), l, below, how));
    else {
      g.add(cellNode(randomCell(random, cell, columns, own), l, below, how));
      g.add(parts([node('Identity', [`H_${l}`], [`C_${l}`])]));
    }
    below = sequence(g, `Y_${l}`, own);
    layers.push(below);
  });
  const first = layout === 'batch first' && g.chance(0.8);
  const h = first ? g.transpose(below, 1, 0, 2) : below;
  const body: Body = {
    h,
    time: first ? 1 : 0,
    frames,
    inputs,
    layers,
    cells,
    lengths: { time, batch },
  };
  const heads = refused ? REFUSED : TAKEN;
  const head = g.one(Object.keys(heads));
  what.push(`${count} layers of ${cells}`, head);
  if (refused) expected = 'refused';
  g.output((heads[head] as (typeof TAKEN)[string])(g, body));
  if (moreOutputs(g, body, head, what)) expected = 'refused';
  // of the layers above there is nothing in the hardware
  const above = head === 'an inner layer' && count > 1;
  if (above && what.includes('states handed back')) expected = 'refused';
  return { bytes: g.bytes(), feeds: g.feeds, zeros, expected, what, lastY: `Y_${count - 1}` };
}

/** Between two layers a dense one may have changed the width. */
function widthOf(l: number, read: number, inputs: number, what: readonly string[]): number {
  if (l === 0) return read;
  return what.at(-1) === 'beside the frames between' ? read + inputs : read;
}

/** The input of the graph and what is before the first layer: [frames, batch, inputs] in the end. */
function front(
  g: RandomGraph,
  { time, batch, inputs }: { time: number; batch: number; inputs: number },
  layout: string,
  what: string[],
): string {
  const named = g.chance(0.5);
  const [t, b] = named ? ['frames', 'batch'] : [time, batch];
  what.push(layout);
  let x: string;
  if (layout === 'frames first') x = g.input('x', [time, batch, inputs], [t, b, inputs]);
  else if (layout === 'batch first') {
    x = g.transpose(g.input('x', [batch, time, inputs], [b, t, inputs]), 1, 0, 2);
  } else x = g.axes('Unsqueeze', g.input('x', [time, inputs], [t, inputs]), 1);
  const kind = g.chance(0.5)
    ? ''
    : g.one([
        'batch norm',
        'scale',
        'layer norm',
        'dense',
        'dense and a function',
        'two dense layers',
        'Relu',
        'conv',
        'two inputs',
        'embedding',
      ]);
  if (kind !== '') what.push(`${kind} before`);
  switch (kind) {
    case 'batch norm':
      return batchNorm(g, x, inputs);
    case 'scale': {
      const shifted = g.apply('Sub', [x, g.numbers([inputs])]);
      return g.apply('Div', [shifted, g.numbers([1, inputs], true)]);
    }
    case 'layer norm':
      return layerNorm(g, x, inputs);
    case 'dense':
      return denseInPlace(g, x, inputs, inputs);
    case 'dense and a function':
      return activation(g, denseInPlace(g, x, inputs, inputs));
    case 'two dense layers': {
      const wide = activation(g, denseInPlace(g, x, inputs, 6));
      return activation(g, denseInPlace(g, wide, 6, inputs));
    }
    case 'Relu':
      return g.apply('Relu', [x]);
    case 'conv': {
      const channels = g.transpose(x, 1, 2, 0);
      const conv = g.apply('Conv', [channels, g.numbers([inputs, inputs, 1])], {
        kernel_shape: [1],
      });
      return g.transpose(conv, 2, 0, 1);
    }
    case 'two inputs':
      return g.apply('Add', [x, g.input('x2', [time, batch, inputs])]);
    case 'embedding': {
      const index = g.apply(
        'Cast',
        [
          g.apply('Abs', [
            g.apply('Mul', [g.input('ids', [time, batch]), g.constant(tensor([], [4]))]),
          ]),
        ],
        { to: 7 },
      );
      return g.apply('Gather', [g.numbers([5, inputs]), index], { axis: 0 });
    }
    default:
      return x;
  }
}

/** Y [frames, 1, batch, cells] as [frames, batch, cells]. */
function sequence(g: RandomGraph, Y: string, cells: number): string {
  switch (g.random.below(3)) {
    case 0:
      return g.reshape(g.transpose(Y, 0, 2, 1, 3), 0, 0, -1);
    case 1:
      return g.reshape(g.transpose(Y, 0, 2, 1, 3), 0, 0, cells);
    default:
      return g.axes('Squeeze', Y, 1);
  }
}

/** Something between two layers. */
function changed(
  g: RandomGraph,
  kind: string,
  h: string,
  frames: string,
  cells: number,
  inputs: number,
): string {
  switch (kind) {
    case 'Dropout':
      return g.apply('Dropout', [h]);
    case 'batch norm':
      return batchNorm(g, h, cells);
    case 'scale':
      return g.apply('Mul', [g.numbers([cells]), h]);
    case 'Relu':
      return g.apply('Relu', [h]);
    case 'layer norm':
      return layerNorm(g, h, cells);
    case 'residual':
      return g.apply('Add', [h, g.apply('Tanh', [h])]);
    case 'dense':
      return denseInPlace(g, g.apply('Identity', [h]), cells, cells);
    case 'dense and a function':
      return activation(g, denseInPlace(g, h, cells, cells));
    case 'dense and LeakyRelu':
      return g.apply('LeakyRelu', [denseInPlace(g, h, cells, cells)]);
    case 'beside the frames':
      return inputs > 0 ? g.apply('Concat', [h, frames], { axis: 2 }) : h;
    default:
      return h;
  }
}

/** Inputs of the node after B: sequence_lens, initial_h, initial_c. */
function initialState(
  g: RandomGraph,
  l: number,
  cells: number,
  batch: number,
  what: string[],
  zeros: string[],
  states: readonly string[],
): readonly string[] {
  const kind = g.one(['', '', 'zeros', 'given']);
  if (kind === '') return [];
  what.push(`state ${kind}`);
  if (kind === 'zeros') {
    const zero = g.constant(tensor([1, batch, cells], new Array(batch * cells).fill(0)));
    return ['', ...states.map(() => zero)];
  }
  return [
    '',
    ...states.map((state) => {
      const name = g.input(`${state}0_${l}`, [1, batch, cells]);
      zeros.push(name);
      return name;
    }),
  ];
}

/** Further outputs of the graph; whether there is one that the hardware does not compute. */
function moreOutputs(g: RandomGraph, body: Body, head: string, what: string[]): boolean {
  const n = body.cells.length;
  if (g.chance(0.3)) {
    what.push('states handed back');
    g.output(`H_${n - 1}`);
    g.output(`C_${g.random.below(n)}`);
    if (body.cells.every((cells) => cells === body.cells[0])) {
      for (const state of ['H', 'C']) {
        g.output(
          g.apply(
            'Concat',
            body.cells.map((_, l) => `${state}_${l}`),
            { axis: 0 },
          ),
        );
      }
    }
  }
  if (g.chance(0.15)) {
    what.push('an output of the frames');
    g.output(g.apply('Abs', [body.frames]));
    // what a dense layer gives there is computed by the network
    if (what.some((one) => /^(dense|two dense).* before$/.test(one))) return true;
  }
  if (!g.chance(0.12)) return false;
  const more = g.one(['a second head', 'an inner layer', 'mean of h']);
  if (more === 'an inner layer' && n === 1) return false;
  what.push(`and ${more}`);
  if (more === 'a second head') g.output(dense(g, body.h, body.cells.at(-1) as number, 6));
  else if (more === 'an inner layer') g.output(body.layers[0] as string);
  else g.output(g.reduce('ReduceMean', body.h, 2));
  // a head behind h of the last frame is one of its own; beside h alone the dense layer is the head
  return !(more === 'a second head' && head === 'h of the last frame');
}
