import type { Random } from '../../../../generator/base/random.js';
import { RandomGraph } from './random-graph.js';
import { activation, dense } from './random-heads.js';

/** A network of fully connected layers alone. */
export interface RandomDense {
  readonly bytes: Uint8Array;
  readonly feeds: Readonly<Record<string, readonly number[]>>;
  /** What it is made of, for messages. */
  readonly what: readonly string[];
}

const OPSETS = [9, 11, 13, 17, 21];

/** Rows [N, features], or frames of several utterances, into one to four layers with what exporters write around them. */
export function randomDense(random: Random): RandomDense {
  const g = new RandomGraph(random, OPSETS[random.below(OPSETS.length)] as number);
  const what: string[] = [`opset ${g.opset}`];
  const [time, batch, inputs] = [random.between(2, 5), random.between(1, 3), random.between(1, 5)];
  const layout = g.one(['rows', 'named', 'three axes', 'one between', 'columns'] as const);
  what.push(layout);
  let h = {
    rows: () => g.input('x', [time, inputs]),
    named: () => g.input('x', [time, inputs], ['N', inputs]),
    'three axes': () => g.input('x', [batch, time, inputs], ['N', 'T', inputs]),
    'one between': () => g.apply('Flatten', [g.input('x', [time, 1, inputs])], { axis: 1 }),
    columns: () => g.transpose(g.input('x', [inputs, time]), 1, 0),
  }[layout]();
  const flat = layout !== 'three axes';
  let width = inputs;
  const count = random.between(1, 4);
  for (let layer = 0; layer < count; layer++) {
    if (flat && g.chance(0.3)) h = normalised(g, h, width);
    if (g.chance(0.2)) h = g.apply('Mul', [h, g.numbers([width])]);
    const next = random.between(1, 5);
    h = dense(g, h, width, next);
    width = next;
    if (flat && g.chance(0.3)) h = normalised(g, h, width);
    if (g.chance(0.8)) {
      what.push('function');
      h = activation(g, h);
    }
    if (g.chance(0.2)) h = g.apply('Dropout', [h]);
  }
  what.push(`${count} layers`);
  g.output(h);
  return { bytes: g.bytes(), feeds: g.feeds, what };
}

function normalised(g: RandomGraph, from: string, width: number): string {
  const parameters = [0, 1, 2].map(() => g.numbers([width]));
  return g.apply('BatchNormalization', [from, ...parameters, g.numbers([width], true)]);
}
