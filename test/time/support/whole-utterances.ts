import { type DesignOptions, macCounts, PIPELINES } from '../../../generator/accelerator/index.js';
import { Random } from '../../../generator/base/random.js';
import type { FrameSequence } from '../../../generator/cosim/design.js';
import type { Model } from '../../../generator/network/model.js';
import { type DrawnCell, randomModel } from '../../../generator/network/random.js';
import { redirected } from '../../support/directed.js';

/** A network that runs whole utterances, and a design of it; `maxFrames` is always given. */
export interface UtteranceShape {
  readonly label: string;
  readonly model: Model;
  readonly options: DesignOptions & { readonly maxFrames: number };
}

/** Kinds of networks that are drawn. */
export const NETWORKS = [
  ...['lstm', 'projection', 'gru', 'gru-before', 'rnn-tanh', 'rnn-relu', 'mixed'],
] as const;

const MIXED: readonly (readonly DrawnCell[])[] = [
  ['dense-relu', 'lstm', 'gru'],
  ['gru', 'dense-tanh', 'rnn-tanh'],
  ['rnn-relu', 'gru-before', 'dense-linear'],
  ['lstm', 'dense-relu'],
];

/**
 * Draws directions, how both are read, patterns, word lengths, slices, multipliers, lanes and the longest utterance. Sizes are whole
 * sets of most tiles, so that what stands side by side fits some of them.
 */
export function utteranceShape(seed: number, network: string): UtteranceShape {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const cell = network === 'mixed' ? pick(MIXED) : network === 'projection' ? 'lstm' : network;
  const layers = typeof cell === 'string' ? pick([1, 1, 2]) : cell.length;
  const block = pick([null, null, 4]);
  const outputs = pick([0, 3, 5]);
  const recurrentTop = typeof cell === 'string' || !cell.at(-1)?.startsWith('dense');
  const ways = outputs === 0 && recurrentTop ? [undefined] : ['concat', 'sum', undefined];
  const drawn = randomModel({
    ...{ cell: cell as DrawnCell | readonly DrawnCell[], outputs, seed },
    inputs: random.between(1, 12),
    hidden: Array.from({ length: layers }, () => pick([4, 8, 12, 16])),
    projection: network === 'projection' ? [pick([4, 8])] : undefined,
    bidirectional: pick(ways) as 'concat' | 'sum' | undefined,
    patterns: [block === null ? null : { kind: 'hcgs', blocks: [block], keep: [{ k: 1, n: 2 }] }],
    sharing: pick(['shared', 'per-gate']),
    initialState: random.below(2) === 0,
    words: {
      weight: pick([3, 6, 8]),
      activation: pick([6, 10, 13, 16]),
      cell: pick([12, 16, 24]),
      bias: pick([8, 16, 20]),
    },
  });
  const model = outputs > 0 && seed % 3 === 0 ? redirected(drawn, random) : drawn;
  const slices = pick([undefined, undefined, 1, 2, 3, 4]);
  const maybe = <T>(value: T): T | undefined => (random.below(3) === 0 ? value : undefined);
  const cellCycles = network === 'lstm' && slices === undefined ? maybe(pick([18, 4])) : undefined;
  const counts = macCounts(model, slices).filter((n) => n <= 128);
  const options = {
    ...{ name: 'dut', order: 'sequence' as const, slices, cellCycles },
    maxFrames: pick([1, 2, 3, 5, 7, 12]),
    emit: pick(['every', 'last'] as const),
    macs: pick(counts),
    sumSlots: maybe(pick([1, 2, 3])),
    streamLanes: maybe(pick([1, 2, 4])),
    pipeline: PIPELINES[new Random(seed + 5).below(PIPELINES.length)],
  };
  const label = JSON.stringify({ seed, network, cell, passes: model.passes.length, options });
  return { label, model, options };
}

/** Utterances of 1 to `most` frames, one of them of that many, one of a single frame. */
export function utterancesUpTo(
  most: number,
  model: Pick<Model, 'input' | 'words'>,
  seed: number,
  utterances = 6,
): FrameSequence {
  const random = new Random(seed);
  const lengths = [
    ...Array.from({ length: utterances - 2 }, () => random.between(1, most)),
    ...[most, 1],
  ];
  const inputs = model.input.length;
  const half = 2 ** (model.words.activation - 1);
  const starts = lengths.map((_, u) => lengths.slice(0, u).reduce((sum, n) => sum + n, 0));
  const frames = lengths.reduce((sum, n) => sum + n, 0);
  const codes = Int32Array.from({ length: frames * inputs }, () => random.between(-half, half - 1));
  return { inputs, frames, codes, utteranceStarts: starts };
}
