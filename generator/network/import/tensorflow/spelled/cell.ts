import type { LoweredNode } from '../lowered.js';
import type { Gate } from '../recurrent-operator.js';
import type { Linear } from './linear.js';
import { of, pairs } from './match.js';
import { type GateSums, gateSums } from './peephole.js';
import type { StepProjection } from './projection.js';
import type { Values } from './values.js';

/** One step of a cell, whatever operators it is made of. */
export interface Step {
  /** Values that it computes, and those of the step before that it reads; c is empty where it has none. */
  readonly h: string;
  readonly c: string;
  readonly before: { readonly h: string; readonly c: string };
  /** The value that it reads. */
  readonly x: string;
  readonly inputs: number;
  readonly cells: number;
  /** Constants that its weights and its biases come from. */
  readonly weights: readonly string[];
  readonly biases: readonly string[];
}

export interface LstmCell extends Step {
  readonly kind: 'lstm';
  readonly gates: Readonly<Record<GateName, Gate>>;
  /** What makes its h; absent: it has a value for each cell. */
  readonly projection?: StepProjection | undefined;
}

type GateName = 'i' | 'f' | 'g' | 'o';

/** What the gates of a step read: h = sigmoid(o) tanh(c), c = sigmoid(f) c' + sigmoid(i) tanh(g). */
interface Shape {
  readonly h: string;
  readonly c: string;
  readonly before: string;
  readonly gates: Readonly<Record<GateName, string>>;
}

/** The step whose h a node computes, or null where it is none. */
export function shapeOf(node: LoweredNode, values: Values): Shape | null {
  for (const [gate, out] of pairs(node, 'Mul')) {
    const o = of(gate, 'Sigmoid', values);
    const c = of(out, 'Tanh', values);
    if (o === null || c === null) continue;
    for (const [kept, added] of pairs(values.node(c), 'Add')) {
      for (const [input, candidate] of pairs(values.node(added), 'Mul')) {
        const [i, g] = [of(input, 'Sigmoid', values), of(candidate, 'Tanh', values)];
        if (i === null || g === null) continue;
        for (const [forget, before] of pairs(values.node(kept), 'Mul')) {
          const f = of(forget, 'Sigmoid', values);
          if (f === null) continue;
          return {
            h: node.outputs[0] ?? '',
            c: values.plain(c),
            before: values.plain(before),
            gates: { i, f, g, o },
          };
        }
      }
    }
  }
  return null;
}

/**
 * The step with the numbers of its gates, where each reads x and h alone, i and f weigh the state of the step before, and o
 * the new one (LSTMCell with `use_peepholes`) or none; `h` is the value of h of the step before, which `projection` makes where
 * there is one. Null where a gate reads anything else.
 */
export function cellOf(
  shape: Shape,
  h: string,
  projection: StepProjection | null,
  values: Values,
): LstmCell | null {
  const sums = new Map<GateName, GateSums>();
  const seen = { i: shape.before, f: shape.before, g: null, o: shape.c };
  for (const gate of ['i', 'f', 'g', 'o'] as const) {
    const own = gateSums(shape.gates[gate], values);
    if (own === null || (own.peephole !== null && own.peephole.of !== seen[gate])) return null;
    sums.set(gate, own);
  }
  const all = [...sums.values()].map(({ linear }) => linear);
  const cells = all[0]?.width ?? 0;
  const width = projection?.values ?? cells;
  if (projection !== null && projection.weights.length !== width * cells) return null;
  const sources = new Set(all.flatMap(({ terms }) => terms.flatMap((term) => term.sources)));
  const others = [...sources].filter((source) => source !== h);
  const [x, ...more] = others;
  if (x === undefined || more.length > 0 || all.some(({ width }) => width !== cells)) return null;
  const inputs = inputsOf(all, x, width);
  if (inputs === null) return null;
  values.reserve(4 * cells * (inputs + width + 2), shape.h);
  const gate = (name: GateName): Gate => {
    const { linear, peephole } = sums.get(name) as GateSums;
    return { ...gateOf(linear, x, inputs, width), peephole: peephole?.weights };
  };
  const peepholes = [...sums.values()].flatMap(({ peephole }) => peephole?.name ?? []);
  const { weights, biases } = constantsOf(all, values);
  return {
    kind: 'lstm',
    h: projection?.h ?? shape.h,
    c: shape.c,
    before: { h, c: shape.before },
    x,
    inputs,
    cells,
    gates: { i: gate('i'), f: gate('f'), g: gate('g'), o: gate('o') },
    weights,
    biases: [...biases, ...peepholes.flatMap((name) => values.tensorsOf(name))],
    projection: projection ?? undefined,
  };
}

/** Constants that weights and biases of sums come from. */
export function constantsOf(
  all: readonly Linear[],
  values: Values,
): Pick<Step, 'weights' | 'biases'> {
  const tensors = (names: readonly string[]) => [
    ...new Set(names.flatMap((name) => values.tensorsOf(name))),
  ];
  return {
    weights: tensors(all.flatMap(({ terms }) => terms.map(({ matrix }) => matrix.name))),
    biases: tensors(all.flatMap(({ biases }) => biases)),
  };
}

/** How many values x has, as every product with it says; null where they differ. `width`: those of h. */
export function inputsOf(all: readonly Linear[], x: string, width: number): number | null {
  let inputs: number | null = null;
  for (const { sources, matrix } of all.flatMap(({ terms }) => terms)) {
    const own = sources.filter((source) => source === x).length;
    const left = matrix.rows - (sources.length - own) * width;
    if (own === 0 ? left !== 0 : own > 1 || left < 1 || (inputs ?? left) !== left) return null;
    if (own === 1) inputs = left;
  }
  return inputs;
}

/** Weights of x, and of what else is multiplied, which has the length of h: `hidden`. */
export function gateOf(
  { terms, bias, width: cells }: Linear,
  x: string,
  inputs: number,
  hidden: number,
): Gate {
  const own = { x: new Float64Array(cells * inputs), h: new Float64Array(cells * hidden) };
  for (const { sources, matrix, data, from } of terms) {
    let row = 0;
    for (const source of sources) {
      const [target, width] = source === x ? [own.x, inputs] : [own.h, hidden];
      for (let column = 0; column < width; column++, row++) {
        for (let cell = 0; cell < cells; cell++) {
          const at = cell * width + column;
          const weight = data[row * matrix.columns + from + cell] as number;
          target[at] = (target[at] as number) + weight;
        }
      }
    }
  }
  return { ...own, bias };
}
