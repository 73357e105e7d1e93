import type { Random } from '../../../../generator/base/random.js';
import type { SafetensorsFile, Tensor } from '../../../../generator/network/formats/safetensors.js';
import {
  type GraphMessage,
  ints,
  type NodeMessage,
  node,
  type TensorMessage,
  tensor,
  value,
} from '../../../support/onnx.js';
import { cellNode } from './cell-graph.js';
import { randomCell, torchTensors } from './cell-reference.js';
import { linearTensor, lstm, type Parts } from './lstm-graph.js';
import { type GateLayer, randomLayer, randomLinear } from './lstm-reference.js';
import { layerTensors, linearTensors, stateDict, tensor as stored, zeros } from './state-dict.js';

/** A network around an LSTM: what its state_dict holds, and what it computes. */
export interface RandomNetwork {
  /** What it is, for messages. */
  readonly what: string;
  readonly file: SafetensorsFile;
  /** From `x` [frames, 1, raw] to `y`; null where the state_dict is of something no frame by frame LSTM computes. */
  readonly graph: GraphMessage | null;
  /** Values of a raw frame. */
  readonly raw: number;
  /** What a truthful user says; null where no hardware computes the network. */
  readonly map: readonly string[] | null;
}

type Named = [string, Tensor];

/** Sizes are few, so that shapes coincide. */
const SIZES = [3, 4, 6];
const EPS = 1e-5;

/** A state_dict and a graph under construction. */
class Builder {
  readonly tensors: Named[] = [];
  readonly nodes: NodeMessage[] = [];
  readonly constants: TensorMessage[] = [];
  readonly map: string[] = [];
  readonly said: string[] = [];
  /** Value that the graph has come to, and how many numbers it has in a frame. */
  at = 'x';
  inHardware = true;
  hasGraph = true;
  private next = 0;

  constructor(
    readonly random: Random,
    public width: number,
    /** Half of the networks have nothing that hardware cannot compute. */
    readonly ordinary: boolean,
  ) {}

  pick<T>(...of: readonly T[]): T {
    return of[this.random.below(of.length)] as T;
  }

  fresh(): string {
    return `v${this.next++}`;
  }

  constant(one: TensorMessage): string {
    const name = this.fresh();
    this.constants.push({ ...one, name });
    return name;
  }

  apply(op: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}): void {
    const out = this.fresh();
    this.nodes.push(node(op, [this.at, ...inputs], [out], attributes));
    this.at = out;
  }

  linear(name: string, outputs: number, { bias = true, zeroBias = false } = {}): void {
    const own = randomLinear(this.random, this.width, outputs);
    const layer = bias && !zeroBias ? own : { ...own, b: own.b.map(() => 0) };
    this.tensors.push(...linearTensors(layer, name).slice(0, bias ? 2 : 1));
    this.apply('MatMul', [this.constant(linearTensor(layer, 'inputs'))]);
    this.apply('Add', [this.constant(tensor([outputs], layer.b))]);
    this.width = outputs;
  }

  /** nn.BatchNorm1d in eval mode. */
  batchNorm(name: string): void {
    const n = this.width;
    const draw = (from: number) =>
      Array.from({ length: n }, () => from + this.random.below(64) / 32);
    const parts = {
      weight: draw(-1),
      bias: draw(-1),
      running_mean: draw(-1),
      running_var: draw(0.1),
    };
    for (const [kind, values] of Object.entries(parts)) {
      this.tensors.push([`${name}.${kind}`, stored([n], values)]);
    }
    const count = { dtype: 'I64', shape: [], bytes: new Uint8Array(8) } as const;
    this.tensors.push([`${name}.num_batches_tracked`, count]);
    const inputs = Object.values(parts).map((values) => this.constant(tensor([n], values)));
    this.apply('Reshape', [this.constant(ints(-1, n))]);
    this.apply('BatchNormalization', inputs, { epsilon: { float: EPS } });
    this.apply('Reshape', [this.constant(ints(-1, 1, n))]);
  }

  layerNorm(name: string): void {
    const n = this.width;
    const [weight, bias] = [1, -1].map((from) =>
      Array.from({ length: n }, () => from + this.random.below(64) / 64),
    ) as [number[], number[]];
    this.tensors.push([`${name}.weight`, stored([n], weight)], [`${name}.bias`, stored([n], bias)]);
    const inputs = [weight, bias].map((values) => this.constant(tensor([n], values)));
    this.apply('LayerNormalization', inputs, { axis: -1 });
  }

  /** An LSTM layer on what there is; `how` are further attributes and inputs of the node. */
  lstm(
    layer: GateLayer,
    how: { attributes?: Parameters<typeof node>[3]; inputs?: readonly string[] } = {},
    from = this.at,
  ): string {
    return this.recurrent((l) => lstm(layer, l, from, how), layer.cells);
  }

  /** A node on what there is, whose output is `Y_L`; `make` gets its number. */
  recurrent(make: (l: number, from: string) => Parts, cells: number): string {
    const l = this.next++;
    const { nodes, tensors } = make(l, this.at);
    this.nodes.push(...nodes);
    for (const [name, one] of Object.entries(tensors)) this.constants.push({ ...one, name });
    const out = this.fresh();
    this.nodes.push(node('Squeeze', [`Y_${l}`, this.constant(ints(1))], [out]));
    this.at = out;
    this.width = cells;
    return out;
  }
}

/** A random network; equal random numbers give equal networks. */
export function randomStateDict(random: Random): RandomNetwork {
  const raw = SIZES[random.below(SIZES.length)] as number;
  const b = new Builder(random, raw, random.below(2) === 0);
  const prefix = b.pick('', '', 'model.', 'module.net.');
  before(b, prefix);
  recurrent(b, prefix);
  behind(b, prefix);
  const shuffled = b.tensors
    .map((one) => ({ one, key: random.unit() }))
    .sort((p, q) => p.key - q.key)
    .map(({ one }) => one);
  const graph = {
    node: b.nodes,
    initializer: b.constants,
    input: [value('x', ['frames', 1, raw])],
    output: [value(b.at)],
  };
  return {
    what: `${prefix || '(no prefix)'} raw ${raw}: ${b.said.join(', ')}`,
    file: stateDict(...pruned(b, shuffled)),
    graph: b.hasGraph && b.nodes.length > 0 ? graph : null,
    raw,
    map: b.inHardware ? b.map : null,
  };
}

/** What stands before the LSTM. */
function before(b: Builder, prefix: string): void {
  const kind = b.ordinary
    ? b.pick('none', 'none', 'none', 'norm')
    : b.pick('none', 'none', 'none', 'norm', 'dense', 'embedding', 'layer norm');
  b.said.push(`before: ${kind}`);
  if (kind === 'norm') {
    const name = `${prefix}${b.pick('bn', 'norm', 'input_norm')}`;
    b.batchNorm(name);
    b.map.push(`norm=${name}`);
  } else if (kind === 'dense') {
    const name = b.pick('fc', 'fc1', 'linear', 'dense', 'pre', 'embed', 'input_proj');
    b.linear(`${prefix}${name}`, b.pick(...SIZES));
    b.inHardware = false;
  } else if (kind === 'layer norm') {
    b.layerNorm(`${prefix}${b.pick('ln', 'norm')}`);
    b.inHardware = false;
  } else if (kind === 'embedding') {
    const name = `${prefix}${b.pick('embed', 'embedding', 'tok', 'lookup', 'out')}`;
    b.width = b.pick(...SIZES);
    b.tensors.push([`${name}.weight`, zeros(b.pick(3, 20, 50), b.width)]);
    b.hasGraph = false;
    b.inHardware = false;
  }
}

const KINDS = [
  ...['layers', 'layers', 'GRU', 'cell', 'list', 'list', 'cells', 'side by side'],
  ...['peephole', 'norm inside', 'projection', 'bidirectional', 'list with something between'],
] as const;

/** The LSTM, and what a network like it can be taken for. */
function recurrent(b: Builder, prefix: string): void {
  const kind = b.pick(...(b.ordinary ? KINDS.slice(0, 7) : KINDS));
  const depth = 1 + b.random.below(3);
  b.said.push(`recurrent: ${kind} x ${depth}`);
  const layer = () => randomLayer(b.random, b.width, b.pick(...SIZES));
  const name = `${prefix}${b.pick('lstm', 'rnn', 'encoder.rnn')}`;
  const list = `${prefix}${b.pick('rnns', 'layers', 'net.stack')}`;
  switch (kind) {
    case 'GRU':
      for (let l = 0; l < depth; l++) {
        const own = randomCell(b.random, 'gru', b.width, b.pick(...SIZES));
        b.recurrent((at, from) => cellNode(own, at, from), own.cells);
        b.tensors.push(...torchTensors(own, (part) => `${name}.${part}_l${l}`));
      }
      return;
    case 'layers':
    case 'projection': {
      const cells = b.width;
      for (let l = 0; l < depth; l++) {
        const own = kind === 'layers' ? layer() : randomLayer(b.random, b.width, cells);
        b.lstm(own);
        b.tensors.push(...layerTensors(own, (part) => `${name}.${part}_l${l}`));
        if (kind === 'projection') b.tensors.push([`${name}.weight_hr_l${l}`, zeros(2, cells)]);
      }
      if (kind !== 'layers') [b.hasGraph, b.inHardware] = [false, false];
      return;
    }
    case 'cell':
    case 'peephole':
    case 'norm inside': {
      const own = layer();
      b.tensors.push(...layerTensors(own, (part) => `${name}.${part}`));
      if (kind === 'cell') {
        b.lstm(own);
        return;
      }
      b.inHardware = false;
      if (kind === 'norm inside') {
        const where = b.pick(`${name}.`, prefix);
        for (const part of ['weight', 'bias']) {
          b.tensors.push([`${where}ln.${part}`, zeros(b.pick(1, 4) * own.cells)]);
        }
        b.lstm(own);
        b.hasGraph = false;
        return;
      }
      const weights = Array.from({ length: 3 * own.cells }, () => (b.random.below(64) + 16) / 32);
      b.lstm(own, { inputs: ['', '', '', b.constant(tensor([1, 3 * own.cells], weights))] });
      b.tensors.push([
        `${name}.${b.pick('weight_ch', 'w_ci', 'peephole')}`,
        stored([3, own.cells], weights),
      ]);
      return;
    }
    case 'bidirectional': {
      const cells = b.pick(...SIZES);
      const [one, other] = [0, 1].map(() => randomLayer(b.random, b.width, cells)) as [
        GateLayer,
        GateLayer,
      ];
      const from = b.at;
      const there = b.lstm(one, {}, from);
      const back = b.lstm(other, { attributes: { direction: 'reverse' } }, from);
      b.tensors.push(
        ...layerTensors(one, (part) => `${name}.${part}_l0`),
        ...layerTensors(other, (part) => `${name}.${part}_l0_reverse`),
      );
      b.at = there;
      b.apply('Concat', [back], { axis: 2 });
      b.width = 2 * cells;
      return;
    }
    case 'side by side': {
      const from = b.at;
      const both = [layer(), layer()];
      const outs = both.map((own) => b.lstm(own, {}, from));
      both.forEach((own, i) => {
        b.tensors.push(...layerTensors(own, (part) => `${list}.${i}.${part}_l0`));
      });
      b.at = outs[0] as string;
      b.apply('Concat', [outs[1] as string], { axis: 2 });
      b.width = (both[0] as GateLayer).cells + (both[1] as GateLayer).cells;
      b.inHardware = false;
      return;
    }
    default: {
      const between = kind === 'list with something between' ? b.pick('bn', 'ln', 'fc') : null;
      if (between !== null) b.said.push(`between: ${between}`);
      const suffix = kind === 'cells' ? '' : '_l0';
      for (let l = 0; l < depth + 1; l++) {
        if (l > 0 && between === 'bn') {
          b.batchNorm(`${prefix}bns.${l}`);
          b.map.push(`norm_l${l}=${prefix}bns.${l}`);
        } else if (l > 0 && between === 'ln') {
          b.layerNorm(`${prefix}lns.${l}`);
          b.inHardware = false;
        } else if (l > 0 && between === 'fc') {
          b.linear(`${prefix}fcs.${l}`, b.pick(...SIZES));
          b.inHardware = false;
        }
        const own = layer();
        b.lstm(own);
        b.tensors.push(...layerTensors(own, (part) => `${list}.${l}.${part}${suffix}`));
      }
      b.map.push(`lstm=${list}`);
    }
  }
}

const HEADS = ['fc', 'head', 'out', 'linear', 'classifier', 'fc', 'head', 'foo', 'proj', 'head.1'];

const BEHIND = [
  ...['none', 'head', 'head', 'head', 'head', 'no bias', 'zero bias', 'norm', 'loss'],
  ...['layer norm', 'two heads', 'two layers', 'attention'],
] as const;

/** What follows h. */
function behind(b: Builder, prefix: string): void {
  // a second module gives a network away: what no hardware computes stands alone half of the time
  const alone = !b.inHardware && b.random.below(2) === 0;
  const kind = alone ? 'none' : b.pick(...(b.ordinary ? BEHIND.slice(0, 9) : BEHIND));
  b.said.push(`behind: ${kind}`);
  const name = `${prefix}${b.pick(...HEADS)}`;
  const outputs = b.pick(2, 3, 5, 12);
  b.said.push(name);
  if (kind === 'none') return;
  if (kind === 'norm') {
    b.batchNorm(`${prefix}post_norm`);
    b.map.push(`fc.norm=${prefix}post_norm`);
  }
  if (kind === 'layer norm') {
    b.layerNorm(`${prefix}post_norm`);
    b.inHardware = false;
  }
  if (kind === 'two layers') {
    b.linear(`${prefix}hidden`, b.width);
    b.apply('Relu', []);
    b.inHardware = false;
  }
  if (kind === 'attention') {
    // h, weighted by a score of its own
    const h = b.at;
    const width = b.width;
    b.linear(`${prefix}${b.pick('attn', 'score', 'attention.fc')}`, 1);
    b.apply('Sigmoid', []);
    b.apply('Mul', [h]);
    b.width = width;
    b.inHardware = false;
    if (b.random.below(2) === 0) return;
  }
  const h = b.at;
  const width = b.width;
  b.linear(name, outputs, { bias: kind !== 'no bias', zeroBias: kind === 'zero bias' });
  b.map.push(`fc=${name}`);
  if (kind === 'two heads') {
    const first = b.at;
    [b.at, b.width] = [h, width];
    b.linear(`${prefix}head2`, 2);
    const second = b.at;
    b.at = first;
    b.apply('Concat', [second], { axis: 2 });
    b.inHardware = false;
  }
  if (kind === 'loss') {
    // a buffer that nothing computes with
    b.tensors.push([`${prefix}loss.weight`, zeros(outputs)]);
    b.map.push(`outside=${prefix}loss`);
  }
}

/** Of some networks every matrix of weights as torch.nn.utils.prune has it; zeros are where they were. */
function pruned(b: Builder, tensors: readonly Named[]): readonly Named[] {
  if (b.random.below(4) > 0) return tensors;
  b.said.push('pruned');
  return tensors.flatMap(([name, own]): Named[] => {
    if (!/weight(_ih|_hh)?(_l\d+)?$/.test(name) || own.shape.length !== 2) return [[name, own]];
    const length = own.shape.reduce((x, y) => x * y, 1);
    const values = new Float32Array(new Uint8Array(own.bytes).buffer);
    // what is zero in the network is anything in the pruned tensor
    const orig = Array.from(values, (weight) => (weight === 0 ? 1 : weight));
    const mask = Array.from({ length }, (_, i) => (values[i] === 0 ? 0 : 1));
    return [
      [`${name}_orig`, stored(own.shape, orig)],
      [`${name}_mask`, stored(own.shape, mask)],
    ];
  });
}
